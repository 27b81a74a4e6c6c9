-- Organisations whose documents name a watched technology for the first time since the as-of compared with.
SELECT evidence.technology_id, any_value(technologies.name) AS name, actors.name_key, any_value(actors.name ORDER BY actors.name) AS actor,
       count(DISTINCT evidence.work_id) AS works
FROM marts.evidence AS evidence
JOIN marts.document_actors AS actors USING (document_id)
JOIN marts.technologies AS technologies USING (technology_id)
WHERE list_contains($technology_ids::VARCHAR[], evidence.technology_id) AND evidence.available_on <= $as_of
  AND actors.role IN ('assignee', 'organisation') AND actors.name_key <> ''
GROUP BY evidence.technology_id, actors.name_key
HAVING min(evidence.available_on) > $previous
ORDER BY evidence.technology_id, works DESC, actors.name_key
