-- fail: A technology is named somewhere but not registered, or its first document does not exist.
SELECT 'emergence' AS origin, technology_id FROM signals.emergence ANTI JOIN core.technologies USING (technology_id) WHERE level = 'technology'
UNION SELECT 'technology_documents', technology_id FROM core.technology_documents ANTI JOIN core.technologies USING (technology_id)
UNION SELECT 'timeline', technology_id FROM signals.timeline
    WHERE technology_id NOT IN (SELECT technology_id FROM core.technologies UNION ALL SELECT topic_id FROM core.topics)
UNION SELECT 'first_document_id', technology_id FROM core.technologies AS technologies
    WHERE first_document_id NOT IN (SELECT document_id FROM core.documents)
