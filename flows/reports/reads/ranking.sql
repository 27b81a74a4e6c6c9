-- Who is ranked where, with the 80 % intervals and the points that add up to the score.
SELECT emergence.technology_id, emergence.name, technologies.name_zh, emergence.track, emergence.rank, emergence.rank_low,
       emergence.rank_high, emergence.track_rank, emergence.score, emergence.score_low, emergence.score_high,
       coalesce(emergence.stage, 'no estimate') AS stage, emergence.works, emergence.recent_works, emergence.streams,
       COLUMNS('_points$')
FROM marts.emergence AS emergence
LEFT JOIN marts.technologies AS technologies USING (technology_id)
WHERE emergence.as_of = $as_of AND emergence.is_ranked AND emergence.track IS NOT DISTINCT FROM coalesce($track, emergence.track)
ORDER BY emergence.rank, emergence.technology_id
LIMIT $places
