-- What a technology was found to be the same as.
SELECT known.technology_id, into_one.name, into_one.name_zh
FROM marts.technologies AS known
JOIN marts.technologies AS into_one ON into_one.technology_id = known.merged_into_technology_id
WHERE list_contains($technology_ids::VARCHAR[], known.technology_id)
