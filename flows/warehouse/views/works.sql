-- key: work_id
-- Only live documents count, and a work's day and stream are those of its earliest document: the rule by which works are judged.
CREATE OR REPLACE VIEW marts.works AS
SELECT documents.work_id,
       arg_min(documents.document_id, (coalesce(documents.available_on, DATE '9999-12-31'), documents.document_id)) AS document_id,
       arg_min(documents.title, (coalesce(documents.available_on, DATE '9999-12-31'), documents.document_id)) AS title,
       arg_min(documents.kind, (coalesce(documents.available_on, DATE '9999-12-31'), documents.document_id)) AS kind,
       min(documents.available_on) AS available_on,
       count(*)::INTEGER AS document_count,
       list(DISTINCT documents.source ORDER BY documents.source) AS sources,
       list(DISTINCT documents.kind ORDER BY documents.kind) AS kinds,
       list(documents.document_id ORDER BY documents.document_id) AS document_ids,
       list(DISTINCT works.reason ORDER BY works.reason) AS reasons,
       bool_or(documents.is_simulated) AS is_simulated
FROM core.current_documents AS documents
JOIN core.works AS works USING (document_id)
GROUP BY documents.work_id;

COMMENT ON VIEW marts.works IS 'One row per work: a patent family, a preprint with its journal version, a story with its reprints.';
COMMENT ON COLUMN marts.works.work_id IS 'Identity of the work.';
COMMENT ON COLUMN marts.works.document_id IS 'Its earliest document.';
COMMENT ON COLUMN marts.works.title IS 'Title of the earliest document.';
COMMENT ON COLUMN marts.works.kind IS 'Stream of the earliest document: paper, patent, news or grant.';
COMMENT ON COLUMN marts.works.available_on IS 'First day the public could know it; NULL = unknown.';
COMMENT ON COLUMN marts.works.document_count IS 'Live documents in it.';
COMMENT ON COLUMN marts.works.sources IS 'Sources that hold it, by name.';
COMMENT ON COLUMN marts.works.kinds IS 'Streams that hold it, by name.';
COMMENT ON COLUMN marts.works.document_ids IS 'All its live documents.';
COMMENT ON COLUMN marts.works.reasons IS 'Why its documents were put together, by name.';
COMMENT ON COLUMN marts.works.is_simulated IS 'True when a document of the practice archive is in it.';
