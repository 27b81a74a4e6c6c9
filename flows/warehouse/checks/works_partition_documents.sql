-- fail: A document belongs to more than one work.
SELECT document_id, count(*) AS work_count FROM core.works GROUP BY document_id HAVING count(*) > 1
