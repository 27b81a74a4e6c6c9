-- All documents of the work (family) a document belongs to, and why they were put together.
SELECT documents.document_id, documents.title, documents.url, documents.kind, documents.source, documents.available_on, documents.state,
       links.reason, links.similarity, links.linked_on
FROM marts.documents AS documents
JOIN core.works AS links USING (document_id)
WHERE links.work_id = (SELECT work_id FROM core.works WHERE document_id = $document_id)
ORDER BY documents.available_on NULLS LAST, documents.document_id
LIMIT $rows OFFSET $skip
