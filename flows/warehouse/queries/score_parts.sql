-- question: What is each score of the day made of? The last column shows that the parts add up.
WITH parts AS (
    UNPIVOT (SELECT technology_id, COLUMNS('_points$') FROM marts.emergence WHERE as_of = (SELECT as_of FROM marts.snapshot) AND is_ranked)
    ON COLUMNS('_points$') INTO NAME component VALUE points
)
SELECT emergence.rank, emergence.name, emergence.score, parts.component, parts.points,
       emergence.score - sum(parts.points) OVER (PARTITION BY emergence.technology_id) AS remainder
FROM marts.emergence AS emergence
JOIN parts USING (technology_id)
WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND parts.points > 0 AND emergence.rank <= 20
ORDER BY emergence.rank, emergence.name, parts.points DESC;
