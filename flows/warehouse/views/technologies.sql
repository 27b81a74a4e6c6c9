-- key: technology_id
CREATE OR REPLACE VIEW marts.technologies AS
WITH counts AS (
    SELECT links.technology_id, count(*)::INTEGER AS document_count, count(DISTINCT documents.work_id)::INTEGER AS work_count
    FROM core.technology_documents AS links
    JOIN core.current_documents AS documents USING (version_id)
    GROUP BY links.technology_id
)
SELECT technologies.technology_id, technologies.name, technologies.name_zh, technologies.aliases, technologies.term_keys,
       technologies.track, technologies.tracks, technologies.taxonomy_name, technologies.first_on, technologies.first_document_id,
       coalesce(counts.document_count, 0) AS document_count, coalesce(counts.work_count, 0) AS work_count,
       technologies.merged_into_technology_id, technologies.seen_as_of
FROM core.technologies AS technologies
LEFT JOIN counts USING (technology_id);

COMMENT ON VIEW marts.technologies IS 'One row per technology ever found: a concept with one name and its aliases.';
COMMENT ON COLUMN marts.technologies.technology_id IS 'Identity, the same at every as-of.';
COMMENT ON COLUMN marts.technologies.name IS 'Canonical name.';
COMMENT ON COLUMN marts.technologies.name_zh IS 'Chinese name; NULL where none was found.';
COMMENT ON COLUMN marts.technologies.aliases IS 'Other names: synonyms, abbreviations, translations.';
COMMENT ON COLUMN marts.technologies.term_keys IS 'Normalised terms that mean it, the canonical one first.';
COMMENT ON COLUMN marts.technologies.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN marts.technologies.tracks IS 'All its tracks, strongest first.';
COMMENT ON COLUMN marts.technologies.taxonomy_name IS 'Name in the policy lexicon it was matched to; NULL = none.';
COMMENT ON COLUMN marts.technologies.first_on IS 'Day of its first evidence.';
COMMENT ON COLUMN marts.technologies.first_document_id IS 'Document of its first evidence.';
COMMENT ON COLUMN marts.technologies.document_count IS 'Live documents that name it in their current version.';
COMMENT ON COLUMN marts.technologies.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.technologies.merged_into_technology_id IS 'The technology it was found to be the same as; NULL = stands by itself.';
COMMENT ON COLUMN marts.technologies.seen_as_of IS 'Last as-of at which it was found.';
