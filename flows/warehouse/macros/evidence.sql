CREATE OR REPLACE MACRO marts.evidence(of_name) AS TABLE
SELECT evidence.evidence_rank, evidence.available_on, evidence.kind, evidence.source, evidence.title, evidence.url, evidence.is_in_title, evidence.mention_count,
       technologies.name, evidence.document_id, evidence.technology_id
FROM marts.evidence AS evidence
JOIN marts.technologies AS technologies USING (technology_id)
WHERE list_contains(list_transform(list_concat([technologies.name, technologies.name_zh], technologies.aliases), lambda spelling: lower(spelling)), lower(of_name))
ORDER BY evidence.technology_id, evidence.evidence_rank;

COMMENT ON MACRO TABLE marts.evidence IS 'evidence(name): the documents that name the technology with that name or alias, strongest first.';
