-- A world small enough to know by heart. Four documents in three works, two technologies, a topic, three as-ofs (15, 22 and 23 January).
INSERT INTO meta.runs VALUES ('scan-1', 'scan', DATE '2024-01-23', 'running', TIMESTAMP '2024-01-24 02:00:00', NULL, 7, 'boot', '0.1.0', NULL);
INSERT INTO meta.facts VALUES ('run_id', 'scan-1'), ('as_of', '2024-01-23'), ('taxonomy_digest', 'feed'), ('code_version', '0.1.0');
INSERT INTO meta.models VALUES ('minilm', 'r1', 'embeddings', 'scan-1', TIMESTAMP '2024-01-24 02:01:00'),
                               ('minilm', 'r2', 'embeddings', 'scan-1', TIMESTAMP '2024-01-24 02:02:00');
INSERT INTO meta.windows VALUES ('arxiv_oai', DATE '2024-01-01', DATE '2024-01-20', true, 1, 3, 0, [], 'scan-1', TIMESTAMP '2024-01-24 02:03:00'),
                                ('feeds', DATE '2024-01-01', DATE '2024-01-20', false, 1, 1, 1, ['page 2 did not answer.'], 'scan-1', TIMESTAMP '2024-01-24 02:03:00');
INSERT INTO meta.cursors VALUES ('arxiv_oai', DATE '2024-01-20', 'scan-1', TIMESTAMP '2024-01-24 02:03:00');
INSERT INTO raw.captures VALUES ('c1', 'arxiv_oai', DATE '2024-01-01', DATE '2024-01-20', 0, 'http://a/', 200, 'aa', 10, 'a.gz', TIMESTAMP '2024-01-24 02:00:00', 'scan-1');
INSERT INTO raw.rejects VALUES ('r1', 'feeds', NULL, 3, NULL, 'no_title', 'The entry has no title.', 'scan-1', TIMESTAMP '2024-01-24 02:03:00');
INSERT INTO core.documents
SELECT document_id, version_id, split_part(document_id, ':', 1), split_part(document_id, ':', 2), kind, title, 'Abstract.', 'en', published_on, 'day',
       available_on, updated_on, superseded_on, state, 'http://x/' || version_id, NULL, MAP {'doi': version_id}, NULL, true, 'c1',
       TIMESTAMP '2024-01-24 02:00:00', 'scan-1'
FROM (VALUES
    ('arxiv_oai:1', 'v1', 'paper', 'Old title', DATE '2024-01-02', DATE '2024-01-02', NULL, DATE '2024-01-10', 'live'),
    ('arxiv_oai:1', 'v2', 'paper', 'Solid state battery', DATE '2024-01-02', DATE '2024-01-10', DATE '2024-01-10', NULL, 'live'),
    ('feeds:2', 'v3', 'news', 'A battery story', DATE '2024-01-05', DATE '2024-01-05', NULL, NULL, 'live'),
    ('arxiv_oai:3', 'v4', 'paper', 'Withdrawn battery', DATE '2024-01-06', DATE '2024-01-06', NULL, NULL, 'withdrawn'),
    ('uspto_xml:4', 'v5', 'patent', 'Electrolyte', NULL, NULL, NULL, NULL, 'live')
) AS v(document_id, version_id, kind, title, published_on, available_on, updated_on, superseded_on, state);
INSERT INTO core.actors VALUES ('v2', 0, 'author', 'Ada L.', 'ada l', NULL, 'scan-1'), ('v2', 1, 'organisation', 'Acme', 'acme', 'DE', 'scan-1'),
                               ('v5', 0, 'assignee', 'Acme Corp', 'acme', 'US', 'scan-1'), ('v4', 0, 'author', 'Nobody', 'nobody', 'FR', 'scan-1');
INSERT INTO core.works VALUES ('W1', 'arxiv_oai:1', NULL, 'first', NULL, 'scan-1', NULL), ('W1', 'feeds:2', 'arxiv_oai:1', 'near', 0.91, 'scan-1', DATE '2024-01-05'),
                              ('W3', 'arxiv_oai:3', NULL, 'first', NULL, 'scan-1', NULL), ('W4', 'uspto_xml:4', NULL, 'first', NULL, 'scan-1', NULL);
INSERT INTO core.readings VALUES ('v2', 'blank', 1, [0, 0, 0, 0, 0], 'scan-1');
INSERT INTO core.embeddings VALUES ('v2', 'minilm', [0.6, 0.8], 'scan-1');
INSERT INTO core.term_mentions VALUES ('v2', 'solid state battery', 'solid state battery', 2, true, false, 'scan-1');
INSERT INTO core.track_scores VALUES ('v2', 'energy', 0.9, true, NULL, '[]', 'scan-1'), ('v2', 'materials', 0.7, true, NULL, '[]', 'scan-1'),
                                     ('v2', 'space', 0.1, false, NULL, '[]', 'scan-1');
INSERT INTO core.technologies VALUES
    ('T1', 'solid state battery', '固态电池', ['SSB'], ['solid state battery'], DATE '2024-01-02', 'arxiv_oai:1', 'solid-state batteries', ['energy'], 'energy', NULL, DATE '2024-01-23', 'scan-1'),
    ('T2', 'electrolyte', NULL, [], ['electrolyte'], DATE '2024-01-05', 'feeds:2', NULL, ['energy'], 'energy', NULL, DATE '2024-01-23', 'scan-1');
INSERT INTO core.technology_documents VALUES ('T1', 'arxiv_oai:1', 'v1', 1, false, 'scan-1'), ('T1', 'arxiv_oai:1', 'v2', 2, true, 'scan-1'),
    ('T1', 'feeds:2', 'v3', 5, false, 'scan-1'), ('T1', 'arxiv_oai:3', 'v4', 9, true, 'scan-1'), ('T2', 'uspto_xml:4', 'v5', 1, true, 'scan-1');
INSERT INTO core.topics VALUES ('P1', 'batteries', ['battery'], [0.6, 0.8], 'minilm', 0.35, DATE '2024-01-01', NULL, 'scan-1');
INSERT INTO core.topic_documents VALUES ('P1', 'v2', 0.99, 'scan-1'), (NULL, 'v3', 0.1, 'scan-1');
INSERT INTO core.topic_lineage VALUES (DATE '2024-01-01', 'born', NULL, 'P1', 0.0, 'scan-1');
INSERT INTO signals.emergence VALUES
    ('T1', DATE '2024-01-15', 'technology', 'solid state battery', 'energy', true, false, '', 2, 1, 2, 2, 40.0, 30.0, 50.0, 0.8, 9, 5, 1, ['paper'], 'scan-1'),
    ('T2', DATE '2024-01-15', 'technology', 'electrolyte', 'energy', true, false, '', 1, 1, 2, 1, 60.0, 50.0, 70.0, 0.9, 8, 4, 1, ['patent'], 'scan-1'),
    ('T1', DATE '2024-01-22', 'technology', 'solid state battery', 'energy', true, false, '', 1, 1, 1, 1, 55.0, 45.0, 65.0, 0.9, 9, 5, 1, ['paper'], 'scan-1'),
    ('T2', DATE '2024-01-22', 'technology', 'electrolyte', 'energy', false, true, 'Too few works.', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 8, 4, 1, ['patent'], 'scan-1'),
    ('T1', DATE '2024-01-23', 'technology', 'solid state battery', 'energy', true, false, '', 1, 1, 1, 1, 57.0, 45.0, 65.0, 0.9, 9, 5, 1, ['paper', 'news'], 'scan-1'),
    ('P1', DATE '2024-01-23', 'topic', 'batteries', 'energy', true, false, '', 1, 1, 1, 1, 50.0, 45.0, 65.0, 1.0, 9, 5, 1, ['paper'], 'scan-1');
INSERT INTO signals.indicators
SELECT technology_id, as_of, indicator, 0.5, 0.1, 0.5, 0.0, CASE indicator WHEN 'vitality' THEN score - 10 WHEN 'field_momentum' THEN least(score, 10) END, 'scan-1'
FROM signals.emergence CROSS JOIN (VALUES ('vitality'), ('field_momentum'), ('growth')) AS names(indicator);
INSERT INTO signals.stages SELECT technology_id, as_of, 'incubation', 0.6, 0.1, 0.1, 0.1, 0.1, 'scan-1' FROM signals.emergence;
INSERT INTO signals.timeline VALUES ('T1', DATE '2024-01-01', 'paper', 1, 4, 'scan-1');
INSERT INTO signals.alerts VALUES ('A1', DATE '2024-01-22', 'T1', 'first place', 'It came first.', 'scan-1');
