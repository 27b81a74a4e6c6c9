-- Works of one topic beside all works of the stream, by quarter.
SELECT quarter_on, stream, works, stream_works
FROM marts.topic_timeline
WHERE topic_id = $topic_id
ORDER BY quarter_on DESC, stream
LIMIT $rows OFFSET $skip
