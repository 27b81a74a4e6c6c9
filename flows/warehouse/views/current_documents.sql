-- key: document_id
-- The narrow core of marts.documents, for views that need no texts: joins that a view makes are paid even when nobody asks for their columns.
CREATE OR REPLACE VIEW core.current_documents AS
WITH histories AS (
    SELECT document_id, min(available_on) AS available_on FROM core.documents GROUP BY document_id
), taken_back AS (
    SELECT DISTINCT works.work_id FROM core.retractions JOIN core.works AS works USING (document_id)
)
SELECT current.document_id, current.version_id, works.work_id, current.source, current.kind, current.title, current.url,
       histories.available_on, current.is_simulated
FROM core.documents AS current
JOIN histories USING (document_id)
LEFT JOIN core.works AS works USING (document_id)
WHERE current.superseded_on IS NULL AND current.state = 'live'
  AND current.document_id NOT IN (SELECT notice_document_id FROM core.retractions)
  AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.work_id = works.work_id);

COMMENT ON VIEW core.current_documents IS 'One row per live document: its current version. Notices and what they take back are not among them.';
COMMENT ON COLUMN core.current_documents.document_id IS 'Identity over all versions: source:source_id.';
COMMENT ON COLUMN core.current_documents.version_id IS 'The current version.';
COMMENT ON COLUMN core.current_documents.work_id IS 'The work (family) it belongs to; NULL until duplicates were sought.';
COMMENT ON COLUMN core.current_documents.source IS 'Name of the source.';
COMMENT ON COLUMN core.current_documents.kind IS 'Stream: paper, patent, news or grant.';
COMMENT ON COLUMN core.current_documents.title IS 'Title as plain text.';
COMMENT ON COLUMN core.current_documents.url IS 'Where to read it.';
COMMENT ON COLUMN core.current_documents.available_on IS 'First day the public could know the document; NULL = unknown, outside every as-of.';
COMMENT ON COLUMN core.current_documents.is_simulated IS 'True for the practice archive: not a real document.';
