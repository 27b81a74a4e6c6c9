-- The documents of one actor, the newest first.
SELECT documents.document_id, documents.title, documents.url, documents.kind, documents.source, documents.available_on, actors.roles
FROM (
    SELECT document_id, list(DISTINCT role ORDER BY role) AS roles FROM marts.document_actors WHERE name_key = $name_key GROUP BY document_id
) AS actors
JOIN marts.documents AS documents USING (document_id)
ORDER BY documents.available_on DESC NULLS LAST, documents.document_id
LIMIT $rows OFFSET $skip
