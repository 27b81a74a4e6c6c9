-- Who stands in the same works as one actor.
WITH own AS (
    SELECT DISTINCT document_id FROM marts.document_actors WHERE name_key = $name_key
)
SELECT others.name_key, mode(others.name ORDER BY others.name) AS name, list(DISTINCT others.role ORDER BY others.role) AS roles,
       count(DISTINCT others.work_id) AS works, max(others.available_on) AS last_on
FROM own
JOIN marts.document_actors AS others USING (document_id)
WHERE others.name_key NOT IN ($name_key, '')
GROUP BY others.name_key
ORDER BY works DESC, last_on DESC, others.name_key
LIMIT $rows OFFSET $skip
