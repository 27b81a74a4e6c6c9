-- key: country
CREATE OR REPLACE VIEW marts.regions AS
WITH named AS (
    SELECT country, name_key, document_id, work_id, kind, available_on FROM marts.document_actors
    WHERE country IS NOT NULL AND role <> 'mentioned'
), by_track AS (
    SELECT named.country,
           count(DISTINCT named.work_id) FILTER (scores.track = 'manufacturing')::INTEGER AS manufacturing_work_count,
           count(DISTINCT named.work_id) FILTER (scores.track = 'information')::INTEGER AS information_work_count,
           count(DISTINCT named.work_id) FILTER (scores.track = 'materials')::INTEGER AS materials_work_count,
           count(DISTINCT named.work_id) FILTER (scores.track = 'energy')::INTEGER AS energy_work_count,
           count(DISTINCT named.work_id) FILTER (scores.track = 'space')::INTEGER AS space_work_count,
           count(DISTINCT named.work_id) FILTER (scores.track = 'health')::INTEGER AS health_work_count
    FROM (SELECT DISTINCT country, document_id, work_id FROM named) AS named
    JOIN core.current_documents AS documents USING (document_id)
    JOIN core.track_scores AS scores ON scores.version_id = documents.version_id AND scores.is_assigned
    GROUP BY named.country
)
SELECT named.country, count(DISTINCT name_key)::INTEGER AS actor_count,
       count(DISTINCT document_id)::INTEGER AS document_count, count(DISTINCT work_id)::INTEGER AS work_count,
       count(DISTINCT work_id) FILTER (kind = 'paper')::INTEGER AS paper_work_count,
       count(DISTINCT work_id) FILTER (kind = 'patent')::INTEGER AS patent_work_count,
       coalesce(manufacturing_work_count, 0) AS manufacturing_work_count,
       coalesce(information_work_count, 0) AS information_work_count,
       coalesce(materials_work_count, 0) AS materials_work_count,
       coalesce(energy_work_count, 0) AS energy_work_count,
       coalesce(space_work_count, 0) AS space_work_count,
       coalesce(health_work_count, 0) AS health_work_count,
       min(available_on) AS first_on, max(available_on) AS last_on
FROM named LEFT JOIN by_track USING (country)
GROUP BY ALL;

COMMENT ON VIEW marts.regions IS 'One row per country that a record states for an actor; a work with actors of two countries counts in both.';
COMMENT ON COLUMN marts.regions.country IS 'ISO 3166 alpha-2 code.';
COMMENT ON COLUMN marts.regions.actor_count IS 'Actors with that country.';
COMMENT ON COLUMN marts.regions.document_count IS 'Live documents with such an actor.';
COMMENT ON COLUMN marts.regions.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.regions.paper_work_count IS 'Works with a paper among them.';
COMMENT ON COLUMN marts.regions.patent_work_count IS 'Works with a patent among them.';
COMMENT ON COLUMN marts.regions.manufacturing_work_count IS 'Works of the track manufacturing among them.';
COMMENT ON COLUMN marts.regions.information_work_count IS 'Works of the track information among them.';
COMMENT ON COLUMN marts.regions.materials_work_count IS 'Works of the track materials among them.';
COMMENT ON COLUMN marts.regions.energy_work_count IS 'Works of the track energy among them.';
COMMENT ON COLUMN marts.regions.space_work_count IS 'Works of the track space among them.';
COMMENT ON COLUMN marts.regions.health_work_count IS 'Works of the track health among them.';
COMMENT ON COLUMN marts.regions.first_on IS 'First day one of them was available.';
COMMENT ON COLUMN marts.regions.last_on IS 'Last day one of them was available.';
