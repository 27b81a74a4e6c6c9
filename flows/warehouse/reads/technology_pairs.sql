-- Which candidate (by its place in the registered table candidate_terms) is named in which work available at $as_of, and in which version how.
-- A name that stands in a version only inside the longer name of another candidate (registered table nested_terms) is not named there:
-- "foam" is no subject of a text that speaks of "metal foam" alone, and must not live on its growth.
WITH in_force AS (
    SELECT work_id, document_id, version_id FROM core.versions_at($as_of)
), named AS MATERIALIZED (
    SELECT candidate_terms.candidate, mentions.term_key, in_force.work_id, in_force.document_id, in_force.version_id,
           mentions.mention_count, mentions.is_in_title
    FROM candidate_terms
    JOIN core.term_mentions AS mentions USING (term_key)
    JOIN in_force USING (version_id)
), inside AS (
    SELECT shorter.term_key, shorter.version_id, max(longer.mention_count) AS inside_count
    FROM nested_terms
    JOIN named AS shorter USING (term_key)
    JOIN named AS longer ON longer.term_key = nested_terms.longer_key AND longer.version_id = shorter.version_id
    GROUP BY ALL
)
SELECT named.candidate, named.work_id, named.document_id, named.version_id,
       sum(named.mention_count - coalesce(inside.inside_count, 0))::INTEGER AS mention_count, bool_or(named.is_in_title) AS is_in_title
FROM named LEFT JOIN inside USING (term_key, version_id)
WHERE named.mention_count > coalesce(inside.inside_count, 0)
GROUP BY ALL
ORDER BY ALL;
