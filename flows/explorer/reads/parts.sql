-- The additive parts of one score. cohort_rank = share of the technologies judged that it stands above in this component, 0 to 1.
SELECT indicator AS component, value, cohort_rank, points
FROM signals.indicators
WHERE technology_id = $technology_id AND as_of = $as_of
ORDER BY points DESC NULLS LAST, indicator
LIMIT $rows OFFSET $skip
