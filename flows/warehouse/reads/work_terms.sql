-- Which of the works in the temporary table works_as_of names which term, for the terms of at least $least_works of them, numbered in their order.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
), named AS (
    SELECT DISTINCT versions.place, mentions.term_key
    FROM versions JOIN core.term_mentions AS mentions USING (version_id)
), kept AS (
    SELECT term_key, (row_number() OVER (ORDER BY term_key) - 1)::INTEGER AS feature
    FROM named GROUP BY term_key HAVING count(*) >= $least_works
)
SELECT named.place, kept.feature, kept.term_key FROM named JOIN kept USING (term_key) ORDER BY ALL;
