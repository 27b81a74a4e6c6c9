-- The Chinese names of technologies that come without them.
SELECT technology_id, name_zh FROM marts.technologies
WHERE name_zh IS NOT NULL AND list_contains($technology_ids::VARCHAR[], technology_id)
