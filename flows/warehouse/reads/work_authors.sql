-- Which of the works in the temporary table works_as_of has which author (numbered in the order of the normalised names).
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
), named AS (
    SELECT DISTINCT versions.place, actors.name_key
    FROM versions JOIN core.actors AS actors USING (version_id)
    WHERE actors.role IN ('author', 'inventor') AND actors.name_key <> ''
)
SELECT place, (dense_rank() OVER (ORDER BY name_key) - 1)::INTEGER AS feature FROM named ORDER BY ALL;
