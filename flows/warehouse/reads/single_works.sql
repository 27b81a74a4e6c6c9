-- A work of its own for every document that is linked to no earlier one. The id is that of nlp.duplicates.work_id.
INSERT INTO core.works (work_id, document_id, linked_to_document_id, reason, similarity, linked_on, run_id)
SELECT 'W' || left(sha256(document_id), 16), document_id, NULL, 'first', NULL, NULL, $run_id
FROM (SELECT DISTINCT document_id FROM core.documents) AS documents
WHERE NOT EXISTS (SELECT 1 FROM core.works AS works WHERE works.document_id = documents.document_id);
