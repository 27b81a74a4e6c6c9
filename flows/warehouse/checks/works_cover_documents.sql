-- fail: A live document belongs to no work, or a work holds a document that does not exist.
SELECT 'no work' AS problem, documents.document_id
FROM core.documents AS documents ANTI JOIN core.works AS works USING (document_id)
WHERE documents.superseded_on IS NULL AND documents.state = 'live'
UNION ALL
SELECT 'no document', works.document_id FROM core.works AS works ANTI JOIN core.documents AS documents USING (document_id)
