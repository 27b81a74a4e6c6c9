-- key: document_id
-- What a search looks through. The explorer holds it in memory, where small letters are made once and not by every question.
CREATE OR REPLACE VIEW core.searched_texts AS
SELECT document_id, lower(title || ' ' || abstract) AS text
FROM core.documents
WHERE superseded_on IS NULL AND state = 'live';

COMMENT ON VIEW core.searched_texts IS 'One row per live document: what a search looks through.';
COMMENT ON COLUMN core.searched_texts.document_id IS 'The document.';
COMMENT ON COLUMN core.searched_texts.text IS 'Title and abstract of its current version, in small letters.';
