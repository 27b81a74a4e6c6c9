-- Every version of a document that is held.
SELECT available_on, superseded_on, state, title, lang, length(abstract) AS abstract_characters, fetched_at, run_id
FROM core.documents
WHERE document_id = $document_id
ORDER BY available_on DESC NULLS LAST, fetched_at DESC
LIMIT $rows OFFSET $skip
