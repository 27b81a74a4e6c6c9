-- People and organisations with all words in their name, those in most works first.
SELECT name_key, mode(name ORDER BY name) AS name, list(DISTINCT role ORDER BY role) AS roles, count(DISTINCT work_id) AS works,
       max(available_on) AS last_on
FROM marts.document_actors
WHERE name_key <> '' AND contains(lower(name), $words[1])
  AND len(list_filter($words::VARCHAR[], lambda word: NOT contains(lower(name), word))) = 0
GROUP BY name_key
ORDER BY works DESC, name_key
LIMIT $rows OFFSET $skip
