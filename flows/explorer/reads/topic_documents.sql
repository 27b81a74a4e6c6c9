-- The documents of one topic, the newest first.
SELECT document_id, title, url, kind, source, available_on
FROM marts.documents
WHERE topic_id = $topic_id AND state = 'live'
ORDER BY available_on DESC NULLS LAST, document_id
LIMIT $rows OFFSET $skip
