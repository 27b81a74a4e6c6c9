-- The checks of a run: those that found something first, the stopping ones at the head.
SELECT check_name, severity, failed_count, sample
FROM meta.check_results
WHERE run_id = $run_id
ORDER BY (failed_count > 0) DESC, severity = 'warn', check_name
