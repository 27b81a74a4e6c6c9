-- key: alert_id
CREATE OR REPLACE VIEW marts.alerts AS
SELECT alerts.alert_id, alerts.as_of, alerts.technology_id, technologies.name, technologies.track, alerts.alert, alerts.detail
FROM signals.alerts AS alerts
LEFT JOIN core.technologies AS technologies USING (technology_id);

COMMENT ON VIEW marts.alerts IS 'One row per alert raised at an as-of.';
COMMENT ON COLUMN marts.alerts.alert_id IS 'Identity of the alert.';
COMMENT ON COLUMN marts.alerts.as_of IS 'Day it was raised for.';
COMMENT ON COLUMN marts.alerts.technology_id IS 'The technology it is about.';
COMMENT ON COLUMN marts.alerts.name IS 'Its name.';
COMMENT ON COLUMN marts.alerts.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN marts.alerts.alert IS 'Kind of alert.';
COMMENT ON COLUMN marts.alerts.detail IS 'What happened, as a sentence.';
