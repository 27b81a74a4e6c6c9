-- Technologies with all words in a name or an alias: equal names first, then those with most works.
SELECT technologies.technology_id, technologies.name, technologies.name_zh, technologies.aliases, technologies.track, judged.rank,
       technologies.work_count
FROM marts.technologies AS technologies
LEFT JOIN marts.emergence AS judged ON judged.technology_id = technologies.technology_id AND judged.as_of = $as_of
WHERE technologies.merged_into_technology_id IS NULL
  AND len(list_filter($words::VARCHAR[], lambda word: NOT contains(lower(concat_ws(' ', technologies.name, technologies.name_zh,
          array_to_string(technologies.aliases, ' '))), word))) = 0
ORDER BY lower(technologies.name) = lower($text) DESC, technologies.work_count DESC, technologies.technology_id
LIMIT $rows OFFSET $skip
