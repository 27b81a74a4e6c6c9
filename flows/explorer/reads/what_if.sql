-- What would change the rank of one technology: one part of its score alone is moved to the best, the middle and the last of its cohort,
-- and everything else held still. A part gives its weight times its cohort rank, so points / cohort_rank is the most it can give.
WITH own AS (
    SELECT score FROM marts.emergence WHERE technology_id = $technology_id AND as_of = $as_of AND is_ranked
), others AS (
    -- Scores nearer than this are equal: they were summed in different orders.
    SELECT score - 1e-9 AS score FROM marts.emergence WHERE technology_id <> $technology_id AND as_of = $as_of AND is_ranked
), parts AS (
    SELECT indicator AS component, points, points / cohort_rank AS at_most, own.score - points AS rest
    FROM signals.indicators, own
    WHERE technology_id = $technology_id AND as_of = $as_of AND points > 0 AND cohort_rank > 0
)
SELECT component, points, at_most,
       1 + (SELECT count(*) FROM others WHERE others.score > rest + at_most) AS place_if_first,
       1 + (SELECT count(*) FROM others WHERE others.score > rest + at_most / 2) AS place_if_middle,
       1 + (SELECT count(*) FROM others WHERE others.score > rest) AS place_if_last
FROM parts
ORDER BY points DESC, component
LIMIT $rows OFFSET $skip
