-- fail: A score or a rank lies outside its own interval, or outside its range.
SELECT level, as_of, technology_id, score, score_low, score_high, rank, rank_low, rank_high
FROM signals.emergence
WHERE is_ranked
  AND NOT coalesce(
      score >= score_low - 1e-9 AND score <= score_high + 1e-9 AND score BETWEEN -1e-9 AND 100 + 1e-9
      AND rank BETWEEN rank_low AND rank_high AND rank_low >= 1, false
  )
