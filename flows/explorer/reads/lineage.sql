-- What became one technology: its names as they changed, and the technologies that were found to be the same.
WITH names AS (
    SELECT name, min(as_of) AS first_on FROM marts.emergence WHERE technology_id = $technology_id GROUP BY name
)
SELECT first_on AS day, 'called by this name' AS event, name, $technology_id AS technology_id FROM names
UNION ALL
SELECT first_on, 'first evidence', name, technology_id FROM marts.technologies WHERE technology_id = $technology_id
UNION ALL
SELECT seen_as_of, 'found to be the same and merged into this one', name, technology_id
FROM marts.technologies WHERE merged_into_technology_id = $technology_id
UNION ALL
SELECT seen_as_of, 'last found', name, technology_id FROM marts.technologies WHERE technology_id = $technology_id
ORDER BY day NULLS LAST, event
LIMIT $rows OFFSET $skip
