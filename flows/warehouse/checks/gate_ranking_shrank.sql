-- gate: Fewer than half as many technologies are ranked as in the published ranking.
WITH shown AS (
    SELECT count(*) AS ranked_count, max(as_of) AS as_of FROM published.signals.emergence
    WHERE level = 'technology' AND is_ranked
      AND as_of = (SELECT value::DATE FROM published.meta.facts WHERE key = 'as_of')
),
held AS (SELECT count(*) AS ranked_count FROM signals.emergence WHERE level = 'technology' AND is_ranked AND as_of = $run_on)
SELECT shown.as_of, shown.ranked_count AS published_count, held.ranked_count AS held_count
FROM shown, held
WHERE shown.ranked_count >= 20 AND held.ranked_count < 0.5 * shown.ranked_count
