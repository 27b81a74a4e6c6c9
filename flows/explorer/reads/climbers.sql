-- Who climbed most since the as-of compared with.
SELECT now.technology_id, now.name, now.track, before.rank AS previous_rank, now.rank, before.rank - now.rank AS rank_change,
       before.score AS previous_score, now.score, now.score - before.score AS score_change,
       now.rank_high < before.rank_low AS is_beyond_intervals
FROM marts.emergence AS now
JOIN marts.emergence AS before ON before.technology_id = now.technology_id AND before.as_of = $previous AND before.is_ranked
WHERE now.as_of = $as_of AND now.is_ranked AND before.rank > now.rank
ORDER BY is_beyond_intervals DESC, before.rank / now.rank DESC, now.rank
LIMIT $rows OFFSET $skip
