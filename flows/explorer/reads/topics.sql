-- Topics in use, the largest first, and where their own ranking places them.
WITH judged AS (
    SELECT * FROM marts.topic_emergence WHERE as_of = (SELECT max(as_of) FROM marts.topic_emergence)
)
SELECT topics.topic_id, topics.label, topics.keywords, topics.document_count, topics.work_count, judged.track, judged.rank, judged.score,
       judged.stage, topics.born_on
FROM marts.topics AS topics
LEFT JOIN judged USING (topic_id)
WHERE topics.retired_on IS NULL AND ($track IS NULL OR judged.track = $track)
ORDER BY topics.work_count DESC, topics.topic_id
LIMIT $rows OFFSET $skip
