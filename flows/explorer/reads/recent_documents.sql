-- The documents that became available last.
SELECT document_id, title, url, kind, source, available_on
FROM marts.documents
WHERE state = 'live' AND available_on IS NOT NULL
ORDER BY available_on DESC, document_id
LIMIT $rows OFFSET $skip
