-- What each source gave, and how it fares.
SELECT source, coalesce(kinds, []) AS kinds, document_count, live_document_count, capture_count, reject_count, first_on, last_on,
       covered_to_on, health, coalesce(last_problems, []) AS last_problems, lagging_parts
FROM marts.sources
ORDER BY document_count DESC, source
LIMIT $rows OFFSET $skip
