-- Which candidate (by its place in the registered table candidate_terms) is named in which work available at $as_of, and in which version how.
WITH in_force AS (
    SELECT works.work_id, documents.document_id, documents.version_id
    FROM core.documents AS documents
    JOIN core.works AS works USING (document_id)
    WHERE documents.available_on <= $as_of
      AND (documents.superseded_on IS NULL OR documents.superseded_on > $as_of)
      AND documents.state = 'live'
)
SELECT candidate_terms.candidate, in_force.work_id, in_force.document_id, in_force.version_id,
       sum(mentions.mention_count)::INTEGER AS mention_count, bool_or(mentions.is_in_title) AS is_in_title
FROM candidate_terms
JOIN core.term_mentions AS mentions USING (term_key)
JOIN in_force USING (version_id)
GROUP BY ALL
ORDER BY ALL;
