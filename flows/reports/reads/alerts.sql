-- Alerts raised after the as-of compared with, newest first.
SELECT technology_id, coalesce(name, technology_id) AS name, alert, detail, as_of
FROM marts.alerts
WHERE as_of <= $as_of AND as_of > coalesce($previous, $as_of - 7)
ORDER BY as_of DESC, alert, alert_id
LIMIT $rows
