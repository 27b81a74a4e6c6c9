-- question: In which tracks is each country more active than the world (1 = as active; Balassa 1965)?
WITH works AS (
    UNPIVOT (SELECT country, COLUMNS('^(manufacturing|information|materials|energy|space|health)_work_count$') FROM marts.regions)
    ON COLUMNS('_work_count$') INTO NAME field VALUE works
)
SELECT country, replace(field, '_work_count', '') AS track, works,
       works * sum(works) OVER () / nullif(sum(works) OVER (PARTITION BY country) * sum(works) OVER (PARTITION BY field), 0) AS specialisation
FROM works
QUALIFY works >= 5
ORDER BY specialisation DESC, country, track
LIMIT 60;
