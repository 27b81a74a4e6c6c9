-- The checks on the data of the run that made this snapshot: the failed ones first.
SELECT check_name, severity, failed_count, sample, checked_at
FROM meta.check_results
WHERE run_id = (SELECT run_id FROM marts.snapshot)
ORDER BY failed_count > 0 DESC, severity, check_name
LIMIT $rows OFFSET $skip
