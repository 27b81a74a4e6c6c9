-- gate: Most of the published leaders have fallen far behind within two weeks.
-- Leaders are the first fifth of the ranking, at most 20; far behind is beyond three times their number.
WITH shown AS (
    SELECT technology_id, name, as_of, rank, least(20, count(*) OVER () // 5) AS leader_count, count(*) OVER () AS ranked_count
    FROM published.signals.emergence
    WHERE level = 'technology' AND is_ranked AND as_of = (SELECT value::DATE FROM published.meta.facts WHERE key = 'as_of')
),
leaders AS (
    SELECT shown.name, shown.as_of, shown.rank AS published_rank, held.rank AS held_rank,
        coalesce(held.rank, 1000000) > 3 * shown.leader_count AS is_fallen
    FROM shown LEFT JOIN signals.emergence AS held
        ON held.technology_id = shown.technology_id AND held.level = 'technology' AND held.as_of = $run_on AND held.is_ranked
    WHERE shown.rank <= shown.leader_count AND shown.ranked_count >= 30 AND $run_on - shown.as_of BETWEEN 0 AND 14
)
SELECT name, as_of, published_rank, held_rank FROM leaders
WHERE is_fallen AND (SELECT avg(is_fallen::INTEGER) FROM leaders) > 0.5
