-- question: Which organisations stand behind each of the first twenty technologies?
WITH named AS (
    SELECT emergence.rank, emergence.name AS technology, actors.name_key, count(DISTINCT evidence.work_id) AS work_count
    FROM marts.emergence AS emergence
    JOIN marts.evidence AS evidence USING (technology_id)
    JOIN marts.document_actors AS actors USING (document_id)
    WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.rank <= 20
      AND actors.role IN ('assignee', 'organisation') AND actors.name_key <> ''
    GROUP BY ALL
)
SELECT named.rank, named.technology, actors.name AS organisation, named.work_count
FROM named JOIN marts.actors AS actors USING (name_key)
QUALIFY row_number() OVER (PARTITION BY named.technology ORDER BY named.work_count DESC, actors.name) <= 3
ORDER BY named.rank, named.technology, named.work_count DESC, organisation;
