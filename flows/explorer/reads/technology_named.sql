-- The technologies that a name or an alias means, the one with most works first.
SELECT technology_id, name
FROM marts.technologies
WHERE lower(name) = lower($name) OR lower(name_zh) = lower($name) OR technology_id = $name
   OR list_contains(list_transform(aliases, lambda alias: lower(alias)), lower($name))
ORDER BY merged_into_technology_id IS NOT NULL, lower(name) <> lower($name), work_count DESC, technology_id
