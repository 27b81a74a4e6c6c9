-- warn: The setting keep_apart names a document that is not held: it may be misspelt.
SELECT unnest([document_id, other_document_id]) AS document_id FROM core.kept_apart
EXCEPT SELECT document_id FROM core.documents
