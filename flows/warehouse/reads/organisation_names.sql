-- A readable name of every organisation of the works in the temporary table works_as_of, in the order of work_organisations.sql.
WITH versions AS (
    SELECT unnest(version_ids) AS version_id FROM works_as_of
)
SELECT min(actors.name) AS name
FROM versions JOIN core.actors AS actors USING (version_id)
WHERE actors.role IN ('organisation', 'assignee') AND actors.name_key <> ''
GROUP BY actors.name_key
ORDER BY actors.name_key;
