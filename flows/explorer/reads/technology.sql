-- One technology as the registry knows it.
SELECT technology_id, name, name_zh, aliases, track, tracks, taxonomy_name, first_on, first_document_id, document_count, work_count,
       merged_into_technology_id, seen_as_of
FROM marts.technologies
WHERE technology_id = $technology_id
