-- The works available at $as_of as a temporary table: place (0..W-1 in the order of day and id), the work's day, stream and versions in force.
-- A work's day and stream are those of its earliest document.
CREATE OR REPLACE TEMP TABLE works_as_of AS
WITH in_force AS (
    SELECT work_id, version_id, kind, available_on, document_id FROM core.versions_at($as_of)
), first_days AS (
    SELECT document_id, min(available_on) AS first_on FROM core.documents GROUP BY document_id
), grouped AS (
    SELECT in_force.work_id,
           min(first_days.first_on) AS first_on,
           arg_min(in_force.kind, (first_days.first_on, in_force.document_id)) AS kind,
           list(in_force.version_id ORDER BY in_force.version_id) AS version_ids
    FROM in_force JOIN first_days USING (document_id)
    GROUP BY in_force.work_id
)
SELECT (row_number() OVER (ORDER BY first_on, work_id) - 1)::INTEGER AS place,
       work_id, kind, (first_on - DATE '1970-01-01')::INTEGER AS work_day, first_on, version_ids
FROM grouped;
