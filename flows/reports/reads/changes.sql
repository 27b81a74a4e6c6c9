-- What changed for the first places, in places and in points; those that left the ranking come last.
SELECT name, rank, previous_rank, rank_change, is_beyond_intervals, score, previous_score, score_change, stage, previous_stage,
       COLUMNS('_points_change$')
FROM marts.rank_changes
WHERE as_of = $as_of AND least(rank, previous_rank) <= $places
ORDER BY rank NULLS LAST, previous_rank, technology_id
