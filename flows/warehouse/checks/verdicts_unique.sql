-- fail: There are two verdicts, or two values of one indicator, on the same thing for the same day.
SELECT 'emergence' AS origin, as_of, technology_id, level AS part FROM signals.emergence GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'indicators', as_of, technology_id, indicator FROM signals.indicators GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'stages', as_of, technology_id, '' FROM signals.stages GROUP BY ALL HAVING count(*) > 1
