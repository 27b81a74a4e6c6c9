-- The technologies that a watched actor's documents name; new = for the first time since the as-of compared with.
WITH own AS (
    SELECT DISTINCT name_key, document_id FROM marts.document_actors WHERE list_contains($name_keys::VARCHAR[], name_key)
)
SELECT own.name_key, technologies.technology_id, technologies.name, count(DISTINCT coalesce(evidence.work_id, evidence.document_id)) AS works,
       coalesce(min(evidence.available_on) > $previous, false) AS is_new
FROM own
JOIN marts.evidence AS evidence USING (document_id)
JOIN marts.technologies AS technologies USING (technology_id)
JOIN marts.emergence AS judged ON judged.technology_id = technologies.technology_id AND judged.as_of = $as_of
WHERE evidence.available_on <= $as_of
GROUP BY own.name_key, technologies.technology_id, technologies.name
ORDER BY own.name_key, is_new DESC, works DESC, technologies.technology_id
