-- Topics in use with all words in their label or keywords.
SELECT topic_id, label, keywords
FROM core.topics
WHERE retired_on IS NULL
  AND len(list_filter($words::VARCHAR[], lambda word: NOT contains(lower(concat_ws(' ', label, array_to_string(keywords, ' '))), word))) = 0
ORDER BY label, topic_id
LIMIT $rows OFFSET $skip
