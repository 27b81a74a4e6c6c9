-- The topics in which the documents of one technology lie.
SELECT documents.topic_id, topics.label, count(DISTINCT evidence.work_id) AS works, count(*) AS documents
FROM marts.evidence AS evidence
JOIN marts.documents AS documents USING (document_id)
JOIN marts.topics AS topics USING (topic_id)
WHERE evidence.technology_id = $technology_id AND evidence.available_on <= $as_of
GROUP BY ALL
ORDER BY works DESC, documents.topic_id
LIMIT $rows OFFSET $skip
