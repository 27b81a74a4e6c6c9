-- The works of the temporary table works_as_of whose day is known, not only the month or year of which it is the last day.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
)
SELECT versions.place
FROM versions JOIN core.documents AS documents USING (version_id)
GROUP BY versions.place
HAVING bool_or(documents.date_precision = 'day')
ORDER BY ALL;
