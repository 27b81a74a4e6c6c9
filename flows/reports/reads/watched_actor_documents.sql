-- The three newest documents of each watched actor.
WITH own AS (
    SELECT DISTINCT name_key, document_id FROM marts.document_actors WHERE list_contains($name_keys::VARCHAR[], name_key)
)
SELECT own.name_key, documents.title, documents.url, documents.source, documents.kind, documents.available_on,
       coalesce(documents.available_on > $previous, false) AS is_new
FROM own JOIN marts.documents AS documents USING (document_id)
WHERE documents.available_on <= $as_of
QUALIFY row_number() OVER (PARTITION BY own.name_key ORDER BY documents.available_on DESC, documents.document_id) <= 3
ORDER BY own.name_key, documents.available_on DESC, documents.document_id
