-- The watched actors with their works up to the day, and those since the as-of compared with.
SELECT name_key, any_value(name ORDER BY length(name) DESC, name) AS name, count(DISTINCT coalesce(work_id, document_id)) AS works,
       count(DISTINCT coalesce(work_id, document_id)) FILTER (available_on > $previous) AS new_works
FROM marts.document_actors
WHERE list_contains($name_keys::VARCHAR[], name_key) AND available_on <= $as_of
GROUP BY name_key
