-- The works of the temporary table works_as_of that one source alone delivered, and which. What several deliver is lost with none of them.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
)
SELECT versions.place, min(documents.source) AS name
FROM versions JOIN core.documents AS documents USING (version_id)
GROUP BY versions.place
HAVING count(DISTINCT documents.source) = 1
ORDER BY ALL;
