-- fail: A document has no current version, or more than one.
SELECT document_id, count(*) FILTER (superseded_on IS NULL) AS current_count
FROM core.documents
GROUP BY document_id
HAVING count(*) FILTER (superseded_on IS NULL) <> 1
