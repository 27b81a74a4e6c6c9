-- Which of the works in the temporary table works_as_of lies in which track. $use_codes = true takes classification codes only: the as-of lies
-- before the policy lexicon was public.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
)
SELECT DISTINCT versions.place, scores.track AS name
FROM versions JOIN core.track_scores AS scores USING (version_id)
WHERE CASE WHEN $use_codes THEN coalesce(scores.code_score, 0) > 0 ELSE scores.is_assigned END
ORDER BY ALL;
