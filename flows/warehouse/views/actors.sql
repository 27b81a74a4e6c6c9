CREATE OR REPLACE VIEW marts.actors AS
SELECT actors.name_key, arg_max(actors.name, (length(actors.name), actors.name)) AS name,
       list(DISTINCT actors.role ORDER BY actors.role) AS roles,
       list(DISTINCT actors.country ORDER BY actors.country) FILTER (actors.country IS NOT NULL) AS countries,
       count(DISTINCT documents.document_id)::INTEGER AS document_count, count(DISTINCT documents.work_id)::INTEGER AS work_count,
       min(documents.available_on) AS first_on, max(documents.available_on) AS last_on
FROM core.actors AS actors
JOIN marts.documents AS documents USING (version_id)
WHERE documents.state = 'live' AND actors.name_key <> ''
GROUP BY actors.name_key;

COMMENT ON VIEW marts.actors IS 'One row per person or organisation, as far as equal names mean the same one.';
COMMENT ON COLUMN marts.actors.name_key IS 'Normalised name, the identity used here.';
COMMENT ON COLUMN marts.actors.name IS 'Its longest spelling.';
COMMENT ON COLUMN marts.actors.roles IS 'author, inventor, assignee or organisation.';
COMMENT ON COLUMN marts.actors.countries IS 'Countries the records state, ISO 3166 alpha-2; NULL = none stated.';
COMMENT ON COLUMN marts.actors.document_count IS 'Live documents that name it.';
COMMENT ON COLUMN marts.actors.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.actors.first_on IS 'First day one of them was available.';
COMMENT ON COLUMN marts.actors.last_on IS 'Last day one of them was available.';
