-- fail: The ranks of a day are not 1, 2, 3 ... without a gap, ties sharing the better place; or an unranked thing has a rank.
SELECT level, as_of, technology_id, rank, expected
FROM (
    SELECT level, as_of, technology_id, rank, rank() OVER (PARTITION BY level, as_of ORDER BY rank) AS expected
    FROM signals.emergence WHERE is_ranked
)
WHERE rank IS DISTINCT FROM expected
UNION ALL
SELECT level, as_of, technology_id, rank, NULL FROM signals.emergence WHERE NOT is_ranked AND rank IS NOT NULL
