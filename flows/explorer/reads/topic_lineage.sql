-- What happened to one topic at each refit.
SELECT refit_on, event, from_topic_id, from_label, to_topic_id, to_label, overlap_share
FROM marts.topic_lineage
WHERE from_topic_id = $topic_id OR to_topic_id = $topic_id
ORDER BY refit_on DESC, event, from_topic_id, to_topic_id
LIMIT $rows OFFSET $skip
