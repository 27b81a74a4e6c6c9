-- The six tracks: what is held, what is ranked, which technology stands first.
SELECT tracks.track, tracks.document_count, tracks.work_count, tracks.technology_count, tracks.ranked_count, tracks.weak_signal_count,
       tracks.first_technology_id, technologies.name AS first_technology
FROM marts.tracks AS tracks
LEFT JOIN marts.technologies AS technologies ON technologies.technology_id = tracks.first_technology_id
LIMIT $rows OFFSET $skip
