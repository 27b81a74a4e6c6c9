-- One person or organisation, as far as equal names mean the same one, by its most frequent spelling.
SELECT name_key, mode(name ORDER BY name) AS name, list(DISTINCT role ORDER BY role) AS roles,
       list(DISTINCT country ORDER BY country) FILTER (country IS NOT NULL) AS countries,
       count(DISTINCT document_id) AS document_count, count(DISTINCT work_id) AS work_count,
       min(available_on) AS first_on, max(available_on) AS last_on
FROM marts.document_actors
WHERE name_key = $name_key
GROUP BY name_key
