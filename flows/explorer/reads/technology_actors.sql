-- Who stands behind the documents of one technology: organisations before persons.
SELECT actors.name_key, mode(actors.name ORDER BY actors.name) AS name, list(DISTINCT actors.role ORDER BY actors.role) AS roles,
       list(DISTINCT actors.country ORDER BY actors.country) FILTER (actors.country IS NOT NULL) AS countries,
       count(DISTINCT evidence.work_id) AS works, max(evidence.available_on) AS last_on
FROM marts.evidence AS evidence
JOIN marts.document_actors AS actors USING (document_id)
WHERE evidence.technology_id = $technology_id AND evidence.available_on <= $as_of AND actors.name_key <> ''
GROUP BY actors.name_key
ORDER BY bool_or(actors.role IN ('assignee', 'organisation')) DESC, works DESC, last_on DESC, actors.name_key
LIMIT $rows OFFSET $skip
