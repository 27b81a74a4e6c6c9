-- flag: Silence: a source gave less than a tenth of its seven-day median, and less than on any night of the four weeks before.
-- The second half knows weekends: a source that rests on Sundays has such nights behind it. Unchanged (304) is no answer.
WITH nights AS (
    SELECT source, to_on, max(document_count / (date_diff('day', from_on, to_on) + 1)) AS yield
    FROM meta.windows WHERE is_complete AND capture_count > 0 GROUP BY source, to_on
)
SELECT tonight.source, round(any_value(tonight.yield), 1) AS documents_a_day,
    round(median(before.yield) FILTER (before.to_on >= $run_on - 7), 1) AS usual_a_day
FROM nights AS tonight JOIN nights AS before ON before.source = tonight.source AND before.to_on BETWEEN $run_on - 28 AND $run_on - 1
WHERE tonight.to_on = $run_on
GROUP BY tonight.source
HAVING count(*) >= 7 AND usual_a_day >= 5 AND documents_a_day < 0.1 * usual_a_day AND any_value(tonight.yield) < min(before.yield)
