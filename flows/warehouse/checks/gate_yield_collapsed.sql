-- gate: The sources together gave less than half of what they usually give in a night.
-- Counted are sources with a week behind them; one whose window failed gave nothing. See yield_fell.sql for the single source.
WITH nights AS (
    SELECT source, to_on, max(if(is_complete, document_count, 0) / (date_diff('day', from_on, to_on) + 1)) AS yield
    FROM meta.windows WHERE capture_count > 0 OR NOT is_complete GROUP BY source, to_on
),
judged AS (
    SELECT tonight.source, any_value(tonight.yield) AS yield,
        median(before.yield) FILTER (before.to_on >= $run_on - 7) AS usual, min(before.yield) AS lowest
    FROM nights AS tonight JOIN nights AS before ON before.source = tonight.source AND before.to_on BETWEEN $run_on - 28 AND $run_on - 1
    WHERE tonight.to_on = $run_on
    GROUP BY tonight.source
    HAVING count(*) >= 7
)
SELECT round(sum(yield), 1) AS documents_a_day, round(sum(usual), 1) AS usual_a_day,
    string_agg(source, ' ' ORDER BY source) FILTER (yield < 0.5 * usual) AS sources
FROM judged
HAVING sum(usual) >= 20 AND sum(yield) < 0.5 * sum(usual) AND sum(yield) < sum(lowest)
