-- key: refit_on, event, from_topic_id, to_topic_id
CREATE OR REPLACE VIEW marts.topic_lineage AS
SELECT lineage.refit_on, lineage.event, lineage.from_topic_id, older.label AS from_label, lineage.to_topic_id, newer.label AS to_label,
       lineage.overlap_share
FROM core.topic_lineage AS lineage
LEFT JOIN core.topics AS older ON older.topic_id = lineage.from_topic_id
LEFT JOIN core.topics AS newer ON newer.topic_id = lineage.to_topic_id;

COMMENT ON VIEW marts.topic_lineage IS 'One row per thing that happened to a topic at a refit.';
COMMENT ON COLUMN marts.topic_lineage.refit_on IS 'Day of the refit.';
COMMENT ON COLUMN marts.topic_lineage.event IS 'born, continued, split, merged or retired.';
COMMENT ON COLUMN marts.topic_lineage.from_topic_id IS 'The older topic; NULL when born.';
COMMENT ON COLUMN marts.topic_lineage.from_label IS 'Its label.';
COMMENT ON COLUMN marts.topic_lineage.to_topic_id IS 'The newer topic; NULL when retired.';
COMMENT ON COLUMN marts.topic_lineage.to_label IS 'Its label.';
COMMENT ON COLUMN marts.topic_lineage.overlap_share IS 'Share of the older topic''s documents found in the newer, 0 to 1.';
