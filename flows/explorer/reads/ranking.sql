-- Who stands where at an as-of, with 80 % intervals, and where it stood at the one compared with.
SELECT now.rank, now.rank_low, now.rank_high, now.technology_id, now.name, now.track, now.track_rank, now.score, now.score_low, now.score_high,
       now.stage, now.works, now.recent_works, now.organisations, now.streams, now.top20_share,
       before.rank AS previous_rank, before.rank - now.rank AS rank_change, now.reason
FROM marts.emergence AS now
LEFT JOIN marts.emergence AS before ON before.technology_id = now.technology_id AND before.as_of = $previous
WHERE now.as_of = $as_of
  AND CASE $list WHEN 'ranked' THEN now.is_ranked WHEN 'weak signals' THEN now.is_weak_signal
                 ELSE NOT now.is_ranked AND NOT now.is_weak_signal END
  AND ($track IS NULL OR now.track = $track)
  AND ($stage IS NULL OR now.stage = $stage)
  AND ($stream IS NULL OR list_contains(now.streams, $stream))
  AND contains(lower(now.name), lower($words))
ORDER BY CASE WHEN $sort = 'climbed' THEN coalesce(before.rank - now.rank, -1000000) WHEN $sort = 'recent works' THEN now.recent_works ELSE 0 END DESC,
         CASE WHEN $sort = 'name' THEN lower(now.name) ELSE '' END, now.rank NULLS LAST, now.recent_works DESC, now.name, now.technology_id
LIMIT $rows OFFSET $skip
