-- key: topic_id, quarter_on, stream
CREATE OR REPLACE VIEW marts.topic_timeline AS
WITH placed AS (
    SELECT members.topic_id, date_trunc('quarter', documents.available_on)::DATE AS quarter_on, documents.kind AS stream, documents.work_id
    FROM core.topic_documents AS members
    JOIN core.current_documents AS documents USING (version_id)
    WHERE documents.available_on IS NOT NULL AND documents.work_id IS NOT NULL
), quarters AS (
    SELECT quarter_on, stream, count(DISTINCT work_id) AS stream_works,
           count(DISTINCT work_id) - count(DISTINCT work_id) FILTER (WHERE topic_id IS NOT NULL) AS outlier_works
    FROM placed GROUP BY ALL
), counts AS (
    SELECT topic_id, quarter_on, stream, count(DISTINCT work_id) AS works FROM placed WHERE topic_id IS NOT NULL GROUP BY ALL
)
SELECT counts.topic_id, topics.label, counts.quarter_on, counts.stream, counts.works::INTEGER AS works,
       quarters.stream_works::INTEGER AS stream_works, counts.works / quarters.stream_works AS work_share,
       quarters.outlier_works::INTEGER AS outlier_works
FROM counts
JOIN quarters USING (quarter_on, stream)
JOIN core.topics AS topics USING (topic_id);

COMMENT ON VIEW marts.topic_timeline IS 'One row per topic, quarter and stream with at least one work: topics over time.';
COMMENT ON COLUMN marts.topic_timeline.topic_id IS 'The topic.';
COMMENT ON COLUMN marts.topic_timeline.label IS 'Its label.';
COMMENT ON COLUMN marts.topic_timeline.quarter_on IS 'First day of the quarter in which the public could know the documents.';
COMMENT ON COLUMN marts.topic_timeline.stream IS 'paper, patent, news or grant.';
COMMENT ON COLUMN marts.topic_timeline.works IS 'Works of the quarter that belong to it.';
COMMENT ON COLUMN marts.topic_timeline.stream_works IS 'All works of the stream in the quarter that were compared with the topics.';
COMMENT ON COLUMN marts.topic_timeline.work_share IS 'works / stream_works, 0 to 1.';
COMMENT ON COLUMN marts.topic_timeline.outlier_works IS 'Works of the stream in the quarter that no topic is near enough to.';
