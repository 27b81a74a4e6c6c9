-- The technologies a document names.
SELECT evidence.technology_id, technologies.name, technologies.track, judged.rank, evidence.is_in_title, evidence.mention_count
FROM marts.evidence AS evidence
JOIN marts.technologies AS technologies USING (technology_id)
LEFT JOIN marts.emergence AS judged ON judged.technology_id = evidence.technology_id AND judged.as_of = $as_of
WHERE evidence.document_id = $document_id
ORDER BY evidence.is_in_title DESC, evidence.mention_count DESC, technologies.name
LIMIT $rows OFFSET $skip
