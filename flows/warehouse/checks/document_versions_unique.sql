-- fail: A document version is stored more than once.
SELECT version_id, count(*) AS row_count FROM core.documents GROUP BY version_id HAVING count(*) > 1
