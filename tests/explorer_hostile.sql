-- Every text of the table hostile (number, text, id) as title, abstract, link, licence, actor, technology, alias, reason, topic and keyword.
INSERT INTO core.documents SELECT pattern.* REPLACE (hostile.id AS document_id, 'h' || number AS version_id, text AS title,
    text AS abstract, text AS url, text AS licence, MAP {'doi': text} AS identifiers, DATE '2026-11-20' AS available_on)
FROM hostile, core.documents AS pattern WHERE pattern.document_id = 't01-1';
INSERT INTO core.works SELECT 'wh' || number, id, NULL, 'single', NULL, 'run-2', NULL FROM hostile;
INSERT INTO core.technology_documents SELECT 't01', id, 'h' || number, 1, true, 'run-2' FROM hostile;
INSERT INTO core.topic_documents SELECT 'K1', 'h' || number, 0.8, 'run-2' FROM hostile;
INSERT INTO core.actors SELECT 'h' || number, 0, 'organisation', left(text, 300), left(text, 300), 'CN', 'run-2' FROM hostile;
INSERT INTO core.technologies SELECT pattern.* REPLACE ('h' || number AS technology_id, left(text, 500) AS name, left(text, 500) AS name_zh,
    [text] AS aliases, left(text, 500) AS taxonomy_name, hostile.id AS first_document_id)
FROM hostile, core.technologies AS pattern WHERE pattern.technology_id = 't30';
INSERT INTO signals.emergence SELECT pattern.* REPLACE ('h' || number AS technology_id, left(text, 500) AS name, left(text, 500) AS reason)
FROM hostile, signals.emergence AS pattern WHERE pattern.technology_id = 't30' AND as_of = DATE '2026-11-22';
INSERT INTO core.topics SELECT 'H' || number, left(text, 300), [left(text, 100)], [sin(number), cos(number), 0.1], 'minilm', 0.35,
    DATE '2026-01-01', NULL, 'run-2'
FROM hostile;
