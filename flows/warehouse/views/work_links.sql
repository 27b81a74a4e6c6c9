-- key: document_id
-- What an analyst reviews: a wrong link is undone by naming the pair in the setting `keep_apart`; the next run forms the works without it.
CREATE OR REPLACE VIEW marts.work_links AS
SELECT works.document_id, works.linked_to_document_id, works.work_id, works.reason, works.similarity, works.linked_on,
       document.kind, document.title, linked_to.title AS linked_to_title,
       document.is_simulated
FROM core.works AS works
JOIN core.documents AS document ON document.document_id = works.document_id AND document.superseded_on IS NULL
JOIN core.documents AS linked_to ON linked_to.document_id = works.linked_to_document_id AND linked_to.superseded_on IS NULL;

COMMENT ON VIEW marts.work_links IS 'One row per document that was linked to an earlier one: why, how sure, since when. The setting keep_apart undoes a link.';
COMMENT ON COLUMN marts.work_links.document_id IS 'The document.';
COMMENT ON COLUMN marts.work_links.linked_to_document_id IS 'The document of the same work it was linked to.';
COMMENT ON COLUMN marts.work_links.work_id IS 'The work of both.';
COMMENT ON COLUMN marts.work_links.reason IS 'The identifier they share (doi, arxiv, pmid, pmcid, openalex, s2, family, application, url), relation (one names the other as its preprint or journal version), exact, title, near (the texts) or headline.';
COMMENT ON COLUMN marts.work_links.similarity IS 'How alike the two are, 0 to 1; 1 for a shared identifier or an exact copy.';
COMMENT ON COLUMN marts.work_links.linked_on IS 'First day on which the link could be known; NULL = undated.';
COMMENT ON COLUMN marts.work_links.kind IS 'Stream: paper, patent, news or grant.';
COMMENT ON COLUMN marts.work_links.title IS 'Title of the document.';
COMMENT ON COLUMN marts.work_links.linked_to_title IS 'Title of the other.';
COMMENT ON COLUMN marts.work_links.is_simulated IS 'True for the practice archive: not a real document.';
