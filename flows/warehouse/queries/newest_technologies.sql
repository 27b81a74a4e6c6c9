-- question: Which technologies were named for the first time in the last year, and by how many works since?
SELECT technologies.name, technologies.track, technologies.first_on, technologies.work_count, documents.title AS first_title, documents.url AS first_url
FROM marts.technologies AS technologies
LEFT JOIN marts.documents AS documents ON documents.document_id = technologies.first_document_id
WHERE technologies.merged_into_technology_id IS NULL AND technologies.first_on > (SELECT as_of FROM marts.snapshot) - INTERVAL 1 YEAR
ORDER BY technologies.work_count DESC, technologies.name
LIMIT 50;
