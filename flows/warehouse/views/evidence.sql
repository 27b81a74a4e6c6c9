-- key: technology_id, document_id
-- Only live documents that name the technology in their current version: a link given as evidence must still say it.
CREATE OR REPLACE VIEW marts.evidence AS
WITH links AS (
    SELECT technology_id, version_id, max(mention_count) AS mention_count, bool_or(is_in_title) AS is_in_title
    FROM core.technology_documents
    GROUP BY technology_id, version_id
)
SELECT links.technology_id, documents.document_id, documents.work_id, documents.title, documents.url, documents.kind, documents.source,
       documents.available_on, links.is_in_title, links.mention_count,
       (row_number() OVER (
           PARTITION BY links.technology_id
           ORDER BY links.is_in_title DESC, links.mention_count DESC, documents.available_on DESC NULLS LAST, documents.document_id
       ))::INTEGER AS evidence_rank
FROM links
JOIN core.current_documents AS documents USING (version_id);

COMMENT ON VIEW marts.evidence IS 'One row per technology and live document that names it.';
COMMENT ON COLUMN marts.evidence.technology_id IS 'The technology.';
COMMENT ON COLUMN marts.evidence.document_id IS 'The document.';
COMMENT ON COLUMN marts.evidence.work_id IS 'Its work; several documents of one work are one piece of evidence.';
COMMENT ON COLUMN marts.evidence.title IS 'Title of the document.';
COMMENT ON COLUMN marts.evidence.url IS 'Where to read it.';
COMMENT ON COLUMN marts.evidence.kind IS 'Stream: paper, patent, news or grant.';
COMMENT ON COLUMN marts.evidence.source IS 'Name of the source.';
COMMENT ON COLUMN marts.evidence.available_on IS 'First day the public could know it.';
COMMENT ON COLUMN marts.evidence.is_in_title IS 'True when the title names the technology.';
COMMENT ON COLUMN marts.evidence.mention_count IS 'Times title and abstract name it.';
COMMENT ON COLUMN marts.evidence.evidence_rank IS '1 = strongest: in the title, then most mentions, then newest.';
