-- The newest stored as-of not after `on_day`; the column as_of says which one it is.
CREATE OR REPLACE MACRO marts.emerging(in_track := NULL, on_day := NULL) AS TABLE
SELECT emergence.rank, emergence.track_rank, emergence.name, emergence.track, emergence.stage, emergence.score, emergence.score_low, emergence.score_high,
       emergence.rank_low, emergence.rank_high, emergence.works, emergence.recent_works, emergence.streams, emergence.as_of, emergence.technology_id
FROM marts.emergence AS emergence
WHERE emergence.as_of = (SELECT max(days.as_of) FROM marts.emergence AS days WHERE days.as_of <= coalesce(on_day::DATE, DATE '9999-12-31'))
  AND emergence.is_ranked AND (in_track IS NULL OR emergence.track = in_track)
ORDER BY emergence.rank, emergence.technology_id;

COMMENT ON MACRO TABLE marts.emerging IS 'emerging(track, day): the ranking of the newest stored as-of not after the day; both may be left out.';
