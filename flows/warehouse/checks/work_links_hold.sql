-- fail: A link leads out of its work, or to a document that does not exist.
SELECT works.document_id, works.linked_to_document_id
FROM core.works AS works LEFT JOIN core.works AS linked_to ON linked_to.document_id = works.linked_to_document_id
WHERE works.linked_to_document_id IS NOT NULL AND linked_to.work_id IS DISTINCT FROM works.work_id
