-- Which topic (by its place in the registered table candidate_terms, topic ids in term_key) holds which work available at $as_of.
WITH in_force AS (
    SELECT works.work_id, documents.document_id, documents.version_id
    FROM core.documents AS documents
    JOIN core.works AS works USING (document_id)
    WHERE documents.available_on <= $as_of
      AND (documents.superseded_on IS NULL OR documents.superseded_on > $as_of)
      AND documents.state = 'live'
)
SELECT candidate_terms.candidate, in_force.work_id, in_force.document_id, in_force.version_id,
       1::INTEGER AS mention_count, false AS is_in_title
FROM candidate_terms
JOIN core.topic_documents AS members ON members.topic_id = candidate_terms.term_key
JOIN in_force USING (version_id)
ORDER BY ALL;
