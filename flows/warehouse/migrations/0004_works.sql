-- Works with days: from when a link between two documents could be known, and from when a work counts no longer because a notice took it back.
ALTER TABLE core.works ADD COLUMN linked_on DATE;
CREATE TABLE core.retractions (notice_document_id VARCHAR NOT NULL, document_id VARCHAR, retracted_on DATE NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.kept_apart (document_id VARCHAR NOT NULL, other_document_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL);

-- Keys are made in another way now (more identifiers, other bands): the next run makes them anew for every version, and groups with them.
DELETE FROM core.duplicate_keys;

COMMENT ON COLUMN core.documents.state IS 'live, withdrawn, retracted or deleted.';
COMMENT ON COLUMN core.documents.identifiers IS 'Scheme (doi, arxiv, pmid, family, url ...) to normalised value.';
COMMENT ON COLUMN core.duplicate_keys.reason IS 'What kind of key it is: an identifier, relation, exact, title, near or headline. self marks the version as read; retracts names what a notice takes back.';
COMMENT ON COLUMN core.works.work_id IS 'Identity of the work after all links.';
COMMENT ON COLUMN core.works.linked_to_document_id IS 'The document it was found to tell the same as; links lead to the first document of the work, where it is NULL.';
COMMENT ON COLUMN core.works.reason IS 'Why it was linked: the identifier they share, relation, exact, title, near or headline; first = not linked.';
COMMENT ON COLUMN core.works.similarity IS 'How alike the two are, 0 to 1: 1 for a shared identifier or an exact copy; NULL = not linked.';
COMMENT ON COLUMN core.works.linked_on IS 'First day on which the link could be known; NULL = not linked, or undated and outside every as-of.';

COMMENT ON TABLE core.retractions IS 'One row per notice and document it takes back: all documents of its work stop counting from the day of the notice.';
COMMENT ON COLUMN core.retractions.notice_document_id IS 'The document that says so: the notice, or the retracted record itself. A notice counts for nothing.';
COMMENT ON COLUMN core.retractions.document_id IS 'The document taken back; NULL = not held.';
COMMENT ON COLUMN core.retractions.retracted_on IS 'First day on which the public could know it.';
COMMENT ON COLUMN core.retractions.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.kept_apart IS 'One row per pair of documents that the settings (`keep_apart`) keep out of one work.';
COMMENT ON COLUMN core.kept_apart.document_id IS 'One document.';
COMMENT ON COLUMN core.kept_apart.other_document_id IS 'The other.';
COMMENT ON COLUMN core.kept_apart.run_id IS 'Run that wrote the row.';

-- Which work each document belonged to as of a day: links known later are not followed.
CREATE MACRO core.works_at(day) AS TABLE
WITH RECURSIVE climb AS (
    SELECT document_id, linked_to_document_id AS root_id, 1 AS steps FROM core.works WHERE linked_on <= day
    UNION ALL
    SELECT climb.document_id, works.linked_to_document_id, climb.steps + 1
    FROM climb JOIN core.works AS works ON works.document_id = climb.root_id
    WHERE works.linked_on <= day
), roots AS (
    SELECT document_id, arg_max(root_id, steps) AS root_id FROM climb GROUP BY document_id
)
-- A root that was linked later stood for itself then; its work had the id that nlp.duplicates.work_id gives.
SELECT works.document_id,
       CASE WHEN root.linked_to_document_id IS NULL THEN works.work_id
            ELSE 'W' || left(sha256(root.document_id), 16) END AS work_id
FROM core.works AS works
LEFT JOIN roots USING (document_id)
JOIN core.works AS root ON root.document_id = coalesce(roots.root_id, works.document_id);

-- Which document versions counted as of a day: in force, live, no notices, and of works that nothing had taken back yet.
-- A record that only came to us as retracted or withdrawn counted until the day on which it was, where that is known.
CREATE MACRO core.versions_at(day) AS TABLE
WITH works AS (
    SELECT document_id, work_id FROM core.works_at(day)
), taken_back AS (
    SELECT DISTINCT works.work_id FROM core.retractions AS retractions JOIN works USING (document_id) WHERE retractions.retracted_on <= day
)
SELECT works.work_id, documents.document_id, documents.version_id, documents.kind, documents.available_on
FROM core.documents AS documents
JOIN works USING (document_id)
ANTI JOIN taken_back USING (work_id)
WHERE documents.available_on <= day
  AND (documents.superseded_on IS NULL OR documents.superseded_on > day)
  AND (documents.state = 'live'
       OR (documents.state IN ('retracted', 'withdrawn')
           AND documents.document_id IN (SELECT document_id FROM core.retractions WHERE document_id IS NOT NULL AND retracted_on > day)))
  AND documents.document_id NOT IN (
      SELECT notice_document_id FROM core.retractions WHERE notice_document_id IS DISTINCT FROM document_id);
