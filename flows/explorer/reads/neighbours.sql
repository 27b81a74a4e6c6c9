-- The three technologies above one in the ranking and the three below it, and how many points of score lie between.
WITH ordered AS (
    SELECT technology_id, name, track, rank, score, row_number() OVER (ORDER BY rank, technology_id) AS place
    FROM marts.emergence WHERE as_of = $as_of AND is_ranked
)
SELECT ordered.rank, ordered.technology_id, ordered.name, ordered.track, ordered.score, ordered.score - own.score AS ahead_by
FROM ordered, (SELECT place, score FROM ordered WHERE technology_id = $technology_id) AS own
WHERE ordered.place BETWEEN own.place - 3 AND own.place + 3 AND ordered.technology_id <> $technology_id
ORDER BY ordered.place
LIMIT $rows OFFSET $skip
