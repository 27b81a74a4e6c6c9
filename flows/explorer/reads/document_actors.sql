-- Who a document names.
SELECT position, role, name, name_key, country
FROM marts.document_actors
WHERE document_id = $document_id
ORDER BY position < 0, abs(position)
LIMIT $rows OFFSET $skip
