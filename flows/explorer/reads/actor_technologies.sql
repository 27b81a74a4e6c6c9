-- The technologies that the documents of one actor name.
WITH own AS (
    SELECT DISTINCT document_id FROM marts.document_actors WHERE name_key = $name_key
)
SELECT evidence.technology_id, technologies.name, technologies.track, judged.rank, count(DISTINCT evidence.work_id) AS works,
       min(evidence.available_on) AS first_on, max(evidence.available_on) AS last_on
FROM own
JOIN marts.evidence AS evidence USING (document_id)
JOIN marts.technologies AS technologies USING (technology_id)
LEFT JOIN marts.emergence AS judged ON judged.technology_id = evidence.technology_id AND judged.as_of = $as_of
GROUP BY ALL
ORDER BY works DESC, technologies.name, evidence.technology_id
LIMIT $rows OFFSET $skip
