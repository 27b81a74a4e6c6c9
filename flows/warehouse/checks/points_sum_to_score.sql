-- fail: The points of the components do not add up to the score.
SELECT emergence.level, emergence.as_of, emergence.technology_id, emergence.score, sum(indicators.points) AS points
FROM signals.emergence AS emergence
LEFT JOIN signals.indicators AS indicators USING (technology_id, as_of)
WHERE emergence.is_ranked
GROUP BY ALL
HAVING NOT coalesce(abs(sum(indicators.points) - emergence.score) <= 1e-6, false)
