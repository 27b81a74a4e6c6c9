-- One technology at every stored as-of.
SELECT as_of, name, rank, rank_low, rank_high, score, score_low, score_high, stage, works, recent_works, is_ranked, reason
FROM marts.emergence
WHERE technology_id = $technology_id
ORDER BY as_of DESC
LIMIT $rows OFFSET $skip
