-- One run as the ledger has it.
SELECT run_id, flow, logical_on, state, started_at, finished_at, code_version, coalesce(note, '') AS note
FROM meta.runs
WHERE run_id = $run_id
