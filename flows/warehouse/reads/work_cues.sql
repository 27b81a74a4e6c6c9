-- Maturity words per stage (0..4 in the order of scoring.records.STAGES) in the works of the temporary table works_as_of.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
), counted AS (
    SELECT versions.place, unnest(range(5))::INTEGER AS stage, unnest(readings.cue_counts) AS cue_count
    FROM versions JOIN core.readings AS readings USING (version_id)
)
SELECT place, stage, sum(cue_count)::INTEGER AS cue_count FROM counted GROUP BY place, stage HAVING sum(cue_count) > 0 ORDER BY ALL;
