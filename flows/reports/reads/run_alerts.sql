-- What the ranking of a run's day makes worth telling.
SELECT coalesce(technologies.name, alerts.technology_id) AS name, alerts.alert, alerts.detail
FROM signals.alerts AS alerts LEFT JOIN core.technologies AS technologies USING (technology_id)
WHERE alerts.as_of = $as_of AND alerts.run_id = $run_id
ORDER BY alerts.alert, name
