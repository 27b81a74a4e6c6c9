-- question: Which technologies climbed most since the as-of compared with, and which part of the score carried them?
SELECT name, track, previous_rank, rank, rank_change, is_beyond_intervals, score_change, COLUMNS('_points_change$')
FROM marts.rank_changes
WHERE as_of = (SELECT as_of FROM marts.snapshot) AND rank_change > 0
ORDER BY rank_change DESC, rank
LIMIT 20;
