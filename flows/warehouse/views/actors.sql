-- key: name_key
CREATE OR REPLACE VIEW marts.actors AS
SELECT name_key, arg_max(name, (length(name), name)) AS name, list(DISTINCT role ORDER BY role) AS roles,
       list(DISTINCT country ORDER BY country) FILTER (country IS NOT NULL) AS countries,
       count(DISTINCT document_id)::INTEGER AS document_count, count(DISTINCT work_id)::INTEGER AS work_count,
       min(available_on) AS first_on, max(available_on) AS last_on
FROM marts.document_actors
WHERE name_key <> ''
GROUP BY name_key;

COMMENT ON VIEW marts.actors IS 'One row per person or organisation, as far as equal names mean the same one.';
COMMENT ON COLUMN marts.actors.name_key IS 'Normalised name, the identity used here.';
COMMENT ON COLUMN marts.actors.name IS 'Its longest spelling.';
COMMENT ON COLUMN marts.actors.roles IS 'author, inventor, assignee, organisation, mentioned.';
COMMENT ON COLUMN marts.actors.countries IS 'Countries the records and texts state, ISO 3166 alpha-2; NULL = none stated.';
COMMENT ON COLUMN marts.actors.document_count IS 'Live documents that name it.';
COMMENT ON COLUMN marts.actors.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.actors.first_on IS 'First day one of them was available.';
COMMENT ON COLUMN marts.actors.last_on IS 'Last day one of them was available.';
