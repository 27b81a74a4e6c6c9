-- Seen, but with too little evidence for a place. New = neither ranked nor listed at the as-of compared with.
SELECT weak.technology_id, weak.name, technologies.name_zh, weak.track, weak.reason, weak.works, weak.recent_works, weak.streams,
       NOT EXISTS (
           SELECT 1 FROM marts.emergence AS before
           WHERE before.as_of = $previous AND before.technology_id = weak.technology_id AND (before.is_ranked OR before.is_weak_signal)
       ) AS is_new,
       count(*) OVER () AS listed_count,
       count(*) FILTER (weak.streams = ['news']) OVER () AS news_only_count
FROM marts.emergence AS weak
LEFT JOIN marts.technologies AS technologies USING (technology_id)
WHERE weak.as_of = $as_of AND weak.is_weak_signal
ORDER BY is_new DESC, weak.recent_works DESC, weak.works DESC, weak.technology_id
LIMIT $rows
