-- Alerts on watched technologies and on those of watched tracks, raised after the as-of compared with.
SELECT technology_id, coalesce(name, technology_id) AS name, alert, detail, as_of
FROM marts.alerts
WHERE as_of <= $as_of AND as_of > coalesce($previous, $as_of - 7)
  AND (list_contains($technology_ids::VARCHAR[], technology_id) OR list_contains($tracks::VARCHAR[], track))
ORDER BY as_of DESC, alert, alert_id
