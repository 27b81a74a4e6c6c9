-- The technologies named in the documents of one topic.
SELECT evidence.technology_id, technologies.name, technologies.track, judged.rank, count(DISTINCT evidence.work_id) AS works
FROM marts.documents AS documents
JOIN marts.evidence AS evidence USING (document_id)
JOIN marts.technologies AS technologies USING (technology_id)
LEFT JOIN marts.emergence AS judged ON judged.technology_id = evidence.technology_id AND judged.as_of = $as_of
WHERE documents.topic_id = $topic_id
GROUP BY ALL
ORDER BY works DESC, technologies.name, evidence.technology_id
LIMIT $rows OFFSET $skip
