-- Runs, the newest first.
SELECT run_id, flow, logical_on, state, started_at, finished_at, code_version, note
FROM meta.runs
ORDER BY started_at DESC, run_id
LIMIT $rows OFFSET $skip
