-- Records that could not be read, by source and reason.
SELECT source, reason, count(*) AS records, any_value(detail ORDER BY reject_id) AS example, max(rejected_at) AS last_at
FROM raw.rejects
GROUP BY source, reason
ORDER BY records DESC, source, reason
LIMIT $rows OFFSET $skip
