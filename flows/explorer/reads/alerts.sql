-- Alerts, the newest first.
SELECT as_of, technology_id, coalesce(name, technology_id) AS name, track, alert, detail
FROM marts.alerts
WHERE as_of <= $as_of
ORDER BY as_of DESC, alert, alert_id
LIMIT $rows OFFSET $skip
