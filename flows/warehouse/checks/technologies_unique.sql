-- fail: A technology id stands for two technologies.
SELECT technology_id, count(*) AS row_count FROM core.technologies GROUP BY technology_id HAVING count(*) > 1
