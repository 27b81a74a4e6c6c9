-- question: Which organisations work on the most of the first fifty technologies?
SELECT actors.name, actors.countries, count(DISTINCT emergence.technology_id) AS technology_count, count(DISTINCT named.work_id) AS work_count,
       list(DISTINCT emergence.name ORDER BY emergence.name) AS technologies
FROM marts.emergence AS emergence
JOIN marts.evidence AS evidence USING (technology_id)
JOIN marts.document_actors AS named ON named.document_id = evidence.document_id AND named.role IN ('assignee', 'organisation') AND named.name_key <> ''
JOIN marts.actors AS actors USING (name_key)
WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.is_ranked AND emergence.rank <= 50
GROUP BY actors.name_key, actors.name, actors.countries
ORDER BY technology_count DESC, work_count DESC, actors.name
LIMIT 30;
