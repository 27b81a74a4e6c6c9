-- question: Which names of the policy lexicon were found in documents, and where do they stand?
SELECT technologies.taxonomy_name, technologies.name_zh, technologies.name, technologies.track, technologies.work_count, emergence.rank, emergence.stage,
       emergence.reason
FROM marts.technologies AS technologies
LEFT JOIN marts.emergence AS emergence
       ON emergence.technology_id = technologies.technology_id AND emergence.as_of = (SELECT as_of FROM marts.snapshot)
WHERE technologies.taxonomy_name IS NOT NULL AND technologies.merged_into_technology_id IS NULL
ORDER BY technologies.work_count DESC, technologies.name;
