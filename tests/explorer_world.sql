-- On top of the world of the report tests: actors, topics, texts and more days, so that every page of the explorer has something to show.
INSERT INTO core.actors VALUES
    ('vt01-1', 0, 'author', 'Ada Lovelace', 'ada lovelace', NULL, 'run-2'),
    ('vt01-1', 1, 'organisation', 'Hefei Institute <b>of</b> Batteries', 'hefei institute', 'CN', 'run-2'),
    ('vt01-2', 0, 'assignee', 'Hefei Institute', 'hefei institute', 'CN', 'run-2'),
    ('vt02-1', 0, 'organisation', '=cmd|''/c calc''!A1', 'cmd', 'DE', 'run-2'),
    ('vt02-1', 1, 'organisation', 'Hefei Institute', 'hefei institute', 'CN', 'run-2');
INSERT INTO core.topics VALUES
    ('K1', 'batteries, "solid" <i>state</i>', ['battery', 'solid'], [0.6, 0.8, 0.0], 'minilm', 0.35, DATE '2026-01-01', NULL, 'run-2'),
    ('K2', 'electrolysis', ['membrane'], [0.8, 0.6, 0.0], 'minilm', 0.35, DATE '2026-01-01', NULL, 'run-2'),
    ('K3', '量子计算', ['量子'], [0.0, 0.0, 1.0], 'minilm', 0.35, DATE '2026-01-01', NULL, 'run-2'),
    ('K0', 'gone', ['old'], [0.0, 1.0, 0.0], 'minilm', 0.35, DATE '2025-01-01', DATE '2026-01-01', 'run-2');
INSERT INTO core.topic_documents SELECT CASE WHEN document_id LIKE 't01%' THEN 'K1' WHEN document_id LIKE 't04%' THEN 'K2' END, version_id, 0.9, 'run-2' FROM core.documents;
INSERT INTO core.topic_lineage VALUES (DATE '2026-01-01', 'split', 'K0', 'K1', 0.6, 'run-2'), (DATE '2026-01-01', 'born', NULL, 'K3', 0.0, 'run-2');
INSERT INTO core.technologies VALUES
    ('t99', 'solid electrolyte battery', NULL, ['SEB'], ['solid electrolyte battery'], DATE '2022-03-01', 'd', NULL, ['energy'], 'energy', 't01', DATE '2026-11-15', 'run-2');
INSERT INTO signals.emergence SELECT * REPLACE (DATE '2026-09-30' AS as_of) FROM signals.emergence WHERE as_of = DATE '2026-11-15';
INSERT INTO signals.indicators SELECT * REPLACE (DATE '2026-09-30' AS as_of) FROM signals.indicators WHERE as_of = DATE '2026-11-15';
INSERT INTO meta.check_results VALUES ('run-2', 'works_cover_documents', 'warn', 2, 'W1', TIMESTAMP '2026-11-22 02:08:00');
INSERT INTO meta.stages VALUES ('run-2', 'read', 'done', 120, NULL, TIMESTAMP '2026-11-22 02:01:00', TIMESTAMP '2026-11-22 02:02:30');
INSERT INTO meta.facts VALUES ('as_of', '2026-11-22'), ('run_id', 'run-2');
