-- Every technology ranked on one of two days, and what changed between them. Those that entered or left have one side only.
WITH earlier AS (
    SELECT * FROM marts.emergence WHERE as_of = $from_day AND is_ranked
), later AS (
    SELECT * FROM marts.emergence WHERE as_of = $to_day AND is_ranked
)
SELECT coalesce(later.technology_id, earlier.technology_id) AS technology_id, coalesce(later.name, earlier.name) AS name,
       coalesce(later.track, earlier.track) AS track, earlier.rank AS previous_rank, later.rank AS rank, earlier.rank - later.rank AS rank_change,
       earlier.score AS previous_score, later.score AS score, later.score - earlier.score AS score_change,
       earlier.stage AS previous_stage, later.stage AS stage,
       coalesce(later.rank_high < earlier.rank_low OR later.rank_low > earlier.rank_high, false) AS is_beyond_intervals,
       CASE WHEN earlier.technology_id IS NULL THEN 'entered' WHEN later.technology_id IS NULL THEN 'left'
            WHEN later.rank < earlier.rank THEN 'rose' WHEN later.rank > earlier.rank THEN 'fell' ELSE 'kept its place' END AS change
FROM later FULL JOIN earlier ON earlier.technology_id = later.technology_id
WHERE ($track IS NULL OR coalesce(later.track, earlier.track) = $track)
ORDER BY rank_change DESC NULLS LAST, later.rank NULLS LAST, earlier.rank, technology_id
LIMIT $rows OFFSET $skip
