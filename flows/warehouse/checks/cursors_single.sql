-- fail: A source has two cursors.
SELECT source, count(*) AS row_count FROM meta.cursors GROUP BY source HAVING count(*) > 1
