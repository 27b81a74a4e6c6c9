-- What a run could not read, by source and reason, with one example each.
SELECT source, reason, count(*) AS reject_count, min(detail) AS example
FROM raw.rejects
WHERE run_id = $run_id
GROUP BY source, reason
ORDER BY reject_count DESC, source, reason
