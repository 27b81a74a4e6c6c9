-- How much of each candidate's documents lies in each track. $use_codes = true takes classification codes only, over the documents that have
-- any: the as-of lies before the policy lexicon was public, and what it teaches must not be known.
WITH sizes AS (
    SELECT pairs.candidate, count(DISTINCT pairs.version_id) AS versions
    FROM candidate_pairs AS pairs
    WHERE NOT $use_codes OR EXISTS (SELECT 1 FROM core.codes AS codes WHERE codes.version_id = pairs.version_id)
    GROUP BY pairs.candidate
), sums AS (
    SELECT pairs.candidate, scores.track,
           sum(CASE WHEN $use_codes THEN coalesce(scores.code_score, 0) WHEN scores.is_assigned THEN scores.score ELSE 0 END) AS total
    FROM candidate_pairs AS pairs
    JOIN core.track_scores AS scores USING (version_id)
    GROUP BY ALL
)
SELECT candidate, track, total / versions AS track_share
FROM sums JOIN sizes USING (candidate)
WHERE total > 0
ORDER BY candidate, track_share DESC, track;
