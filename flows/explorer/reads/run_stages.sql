-- The stages of the run that made this snapshot.
SELECT stage, state, row_count, started_at, finished_at, date_diff('millisecond', started_at, finished_at) / 1000 AS seconds, note
FROM meta.stages
WHERE run_id = (SELECT run_id FROM marts.snapshot)
ORDER BY started_at, stage
LIMIT $rows OFFSET $skip
