-- question: Behind which ranked technologies does one organisation stand for half of the works or more?
WITH named AS (
    SELECT emergence.technology_id, emergence.rank, emergence.name, actors.name_key, count(DISTINCT evidence.work_id) AS work_count
    FROM marts.emergence AS emergence
    JOIN marts.evidence AS evidence USING (technology_id)
    JOIN marts.document_actors AS actors USING (document_id)
    WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.is_ranked
      AND actors.role IN ('assignee', 'organisation') AND actors.name_key <> ''
    GROUP BY ALL
), known AS (
    SELECT emergence.technology_id, count(DISTINCT evidence.work_id) AS known_works
    FROM marts.emergence AS emergence
    JOIN marts.evidence AS evidence USING (technology_id)
    JOIN marts.document_actors AS actors USING (document_id)
    WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND actors.role IN ('assignee', 'organisation') AND actors.name_key <> ''
    GROUP BY emergence.technology_id
)
SELECT named.rank, named.name, actors.name AS organisation, named.work_count, known.known_works, named.work_count / known.known_works AS share
FROM named JOIN known USING (technology_id) JOIN marts.actors AS actors USING (name_key)
WHERE named.work_count * 2 >= known.known_works AND known.known_works >= 3
ORDER BY share DESC, named.rank, organisation;
