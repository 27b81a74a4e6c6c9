-- question: How far has each source come, what does it lack, and how much of it could not be read?
SELECT source, health, covered_to_on, is_last_window_complete, len(lagging_parts) AS lagging_part_count, document_count, reject_count,
       reject_count / nullif(document_count + reject_count, 0) AS reject_share, last_problems
FROM marts.sources
ORDER BY source;
