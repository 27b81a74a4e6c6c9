-- The parts of two scores side by side.
WITH first AS (
    SELECT indicator, value, points FROM signals.indicators WHERE technology_id = $first AND as_of = $as_of
), second AS (
    SELECT indicator, value, points FROM signals.indicators WHERE technology_id = $second AND as_of = $as_of
)
SELECT coalesce(first.indicator, second.indicator) AS component, first.value AS first_value, first.points AS first_points,
       second.value AS second_value, second.points AS second_points, coalesce(first.points, 0) - coalesce(second.points, 0) AS difference
FROM first FULL JOIN second ON first.indicator = second.indicator
ORDER BY abs(difference) DESC, component
LIMIT $rows OFFSET $skip
