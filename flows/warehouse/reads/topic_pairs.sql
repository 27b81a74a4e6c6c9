-- Which topic (by its place in the registered table candidate_terms, topic ids in term_key) holds which work available at $as_of.
WITH in_force AS (
    SELECT work_id, document_id, version_id FROM core.versions_at($as_of)
)
SELECT candidate_terms.candidate, in_force.work_id, in_force.document_id, in_force.version_id,
       1::INTEGER AS mention_count, false AS is_in_title
FROM candidate_terms
JOIN core.topic_documents AS members ON members.topic_id = candidate_terms.term_key
JOIN in_force USING (version_id)
ORDER BY ALL;
