-- question: Which documents were corrected, withdrawn or deleted since they first appeared?
SELECT document_id, kind, source, state, version_count, available_on, updated_on, title
FROM marts.documents
WHERE version_count > 1 OR state <> 'live'
ORDER BY updated_on DESC NULLS LAST, document_id
LIMIT 100;
