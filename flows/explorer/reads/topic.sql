-- One topic.
SELECT topics.*, judged.track, judged.rank, judged.rank_low, judged.rank_high, judged.score, judged.stage, judged.as_of
FROM marts.topics AS topics
LEFT JOIN marts.topic_emergence AS judged
  ON judged.topic_id = topics.topic_id AND judged.as_of = (SELECT max(as_of) FROM marts.topic_emergence)
WHERE topics.topic_id = $topic_id
