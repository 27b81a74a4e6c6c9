-- The stages of a run in their order, with seconds and rows.
SELECT stage, state, row_count, date_diff('millisecond', started_at, finished_at) / 1000 AS seconds, note
FROM meta.stages
WHERE run_id = $run_id
ORDER BY started_at, stage
