-- key: technology_id, quarter_on, stream
CREATE OR REPLACE VIEW marts.technology_timeline AS
SELECT timeline.technology_id, technologies.name, timeline.quarter_on, timeline.stream, timeline.works, timeline.stream_works,
       timeline.works / nullif(timeline.stream_works, 0) AS work_share
FROM signals.timeline AS timeline
LEFT JOIN core.technologies AS technologies USING (technology_id);

COMMENT ON VIEW marts.technology_timeline IS 'One row per technology, quarter and stream with at least one work.';
COMMENT ON COLUMN marts.technology_timeline.technology_id IS 'The technology.';
COMMENT ON COLUMN marts.technology_timeline.name IS 'Its name.';
COMMENT ON COLUMN marts.technology_timeline.quarter_on IS 'First day of the quarter.';
COMMENT ON COLUMN marts.technology_timeline.stream IS 'paper, patent, news or grant.';
COMMENT ON COLUMN marts.technology_timeline.works IS 'Works of the quarter that name it.';
COMMENT ON COLUMN marts.technology_timeline.stream_works IS 'All works of the stream in the quarter.';
COMMENT ON COLUMN marts.technology_timeline.work_share IS 'works / stream_works, 0 to 1.';
