-- The countries that records state for the actors behind one technology.
SELECT actors.country, count(DISTINCT evidence.work_id) AS works, count(DISTINCT actors.name_key) AS actors,
       min(evidence.available_on) AS first_on, max(evidence.available_on) AS last_on
FROM marts.evidence AS evidence
JOIN marts.document_actors AS actors USING (document_id)
WHERE evidence.technology_id = $technology_id AND evidence.available_on <= $as_of AND actors.country IS NOT NULL AND actors.role <> 'mentioned'
GROUP BY actors.country
ORDER BY works DESC, actors.country
LIMIT $rows OFFSET $skip
