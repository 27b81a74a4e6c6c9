-- fail: A response is stored twice: a window was loaded again without removing what it held.
SELECT source, from_on, to_on, sequence, count(*) AS row_count FROM raw.captures GROUP BY ALL HAVING count(*) > 1
