-- key: document_id
-- What the newest version of each document says. The day a document became known is that of its first version, whatever came after.
CREATE OR REPLACE VIEW marts.documents AS
WITH histories AS (
    SELECT document_id, min(available_on) AS available_on, count(*)::INTEGER AS version_count FROM core.documents GROUP BY document_id
), taken_back AS (
    SELECT DISTINCT works.work_id FROM core.retractions JOIN core.works AS works USING (document_id)
)
SELECT current.document_id, works.work_id, current.version_id, current.source, current.source_id, current.kind, current.title,
       current.abstract, current.lang, current.published_on, current.date_precision, histories.available_on, current.updated_on,
       CASE WHEN current.state = 'live' AND EXISTS (SELECT 1 FROM taken_back WHERE taken_back.work_id = works.work_id)
            THEN 'retracted' ELSE current.state END AS state,
       coalesce(
           (SELECT list(scores.track ORDER BY scores.score DESC, scores.track)
            FROM core.track_scores AS scores WHERE scores.version_id = current.version_id AND scores.is_assigned), []
       ) AS tracks,
       members.topic_id, current.url, current.licence, current.identifiers,
       current.extras, histories.version_count, current.is_simulated, current.fetched_at,
       EXISTS (SELECT 1 FROM core.withheld_texts AS withheld WHERE withheld.version_id = current.version_id) AS is_text_withheld
FROM core.documents AS current
JOIN histories USING (document_id)
LEFT JOIN core.works AS works USING (document_id)
LEFT JOIN core.topic_documents AS members USING (version_id)
WHERE current.superseded_on IS NULL;

COMMENT ON VIEW marts.documents IS 'One row per document: its current version.';
COMMENT ON COLUMN marts.documents.document_id IS 'Identity over all versions: source:source_id.';
COMMENT ON COLUMN marts.documents.work_id IS 'The work (family) it belongs to; NULL until duplicates were sought.';
COMMENT ON COLUMN marts.documents.version_id IS 'Digest of what this version says; the key of what was read in it.';
COMMENT ON COLUMN marts.documents.source IS 'Name of the source.';
COMMENT ON COLUMN marts.documents.source_id IS 'Identity at the source.';
COMMENT ON COLUMN marts.documents.kind IS 'Stream: paper, patent, news or grant.';
COMMENT ON COLUMN marts.documents.title IS 'Title as plain text.';
COMMENT ON COLUMN marts.documents.abstract IS 'Abstract as plain text; empty where the source gives none, or does not let it be passed on.';
COMMENT ON COLUMN marts.documents.lang IS 'Language of the text: en, zh or other.';
COMMENT ON COLUMN marts.documents.published_on IS 'Day the record names as its publication; NULL where it names none.';
COMMENT ON COLUMN marts.documents.date_precision IS 'How exactly published_on is known: day, month or year.';
COMMENT ON COLUMN marts.documents.available_on IS 'First day the public could know the document; NULL = unknown, outside every as-of.';
COMMENT ON COLUMN marts.documents.updated_on IS 'Day of the version described; NULL where the source does not say.';
COMMENT ON COLUMN marts.documents.state IS 'live, withdrawn, retracted (by its source or by a notice on any document of its work) or deleted; only live documents are counted.';
COMMENT ON COLUMN marts.documents.tracks IS 'Tracks assigned, strongest first; empty = none.';
COMMENT ON COLUMN marts.documents.topic_id IS 'Topic it was assigned to; NULL = none near enough.';
COMMENT ON COLUMN marts.documents.url IS 'Where to read it.';
COMMENT ON COLUMN marts.documents.licence IS 'Licence or rights line of the record.';
COMMENT ON COLUMN marts.documents.identifiers IS 'Scheme (doi, arxiv, pmid, family, url ...) to normalised value.';
COMMENT ON COLUMN marts.documents.extras IS 'What else the source says, as JSON.';
COMMENT ON COLUMN marts.documents.version_count IS 'Versions held.';
COMMENT ON COLUMN marts.documents.is_simulated IS 'True for the practice archive: not a real document.';
COMMENT ON COLUMN marts.documents.fetched_at IS 'When this version was received, UTC.';
COMMENT ON COLUMN marts.documents.is_text_withheld IS 'True when the abstract was left out of this file, because its source or licence does not let it be passed on: follow url.';
