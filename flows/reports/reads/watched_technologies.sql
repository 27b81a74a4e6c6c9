-- The watched technologies and why one has no place, as of the day.
SELECT known.technology_id, known.name, known.name_zh,
       coalesce(judged.reason, 'It was not found as a technology in the texts of that day.') AS reason
FROM marts.technologies AS known
LEFT JOIN marts.emergence AS judged ON judged.technology_id = known.technology_id AND judged.as_of = $as_of
WHERE list_contains($technology_ids::VARCHAR[], known.technology_id)
ORDER BY judged.rank NULLS LAST, known.name, known.technology_id
