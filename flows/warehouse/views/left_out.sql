-- key: as_of, technology_id, kind
CREATE OR REPLACE VIEW marts.left_out AS
SELECT emergence.technology_id, emergence.name, emergence.as_of, emergence.level, left_out.kind, left_out.name AS left_out_name, left_out.works,
       emergence.rank, left_out.rank AS rank_without, emergence.rank - left_out.rank AS rank_change, emergence.score,
       left_out.score AS score_without, left_out.reason
FROM signals.left_out AS left_out
JOIN signals.emergence AS emergence USING (technology_id, as_of);

COMMENT ON VIEW marts.left_out IS 'One row per ranked technology or topic, as-of and kind: where it would stand without the organisation or source that speaks most of it.';
COMMENT ON COLUMN marts.left_out.technology_id IS 'The technology, or the topic.';
COMMENT ON COLUMN marts.left_out.name IS 'Its name at that as-of.';
COMMENT ON COLUMN marts.left_out.as_of IS 'Day of the verdict.';
COMMENT ON COLUMN marts.left_out.level IS 'technology or topic.';
COMMENT ON COLUMN marts.left_out.kind IS 'organisation or source.';
COMMENT ON COLUMN marts.left_out.left_out_name IS 'The organisation or source left out: that of most of its works of the last two years.';
COMMENT ON COLUMN marts.left_out.works IS 'Its works that go with it, all years.';
COMMENT ON COLUMN marts.left_out.rank IS 'Its place as it is.';
COMMENT ON COLUMN marts.left_out.rank_without IS 'Its place without those works; NULL = the evidence would not suffice.';
COMMENT ON COLUMN marts.left_out.rank_change IS 'Places won without them (negative = lost); NULL = the evidence would not suffice.';
COMMENT ON COLUMN marts.left_out.score IS 'Its score as it is.';
COMMENT ON COLUMN marts.left_out.score_without IS 'Its score without those works; NULL = the evidence would not suffice.';
COMMENT ON COLUMN marts.left_out.reason IS 'Why it would have no place, as a sentence; empty where it has one.';
