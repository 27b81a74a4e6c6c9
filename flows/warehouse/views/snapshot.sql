-- key: snapshot_id
CREATE OR REPLACE VIEW marts.snapshot AS
WITH facts AS (
    SELECT max(value) FILTER (key = 'snapshot_id') AS snapshot_id, max(value) FILTER (key = 'published_at')::TIMESTAMP AS published_at,
           max(value) FILTER (key = 'run_id') AS run_id, max(value) FILTER (key = 'as_of')::DATE AS as_of,
           max(value) FILTER (key = 'taxonomy_digest') AS taxonomy_digest, max(value) FILTER (key = 'content_digest') AS content_digest
    FROM meta.facts
), last_run AS (
    SELECT run_id, flow, logical_on, started_at, code_version
    FROM meta.runs
    WHERE run_id = coalesce((SELECT run_id FROM facts), run_id)
    ORDER BY started_at DESC, run_id DESC LIMIT 1
), revisions AS (
    SELECT purpose, arg_max(model || '@' || revision, (used_at, model, revision)) AS revision FROM meta.models GROUP BY purpose
)
SELECT facts.snapshot_id, facts.published_at, coalesce(facts.run_id, last_run.run_id) AS run_id, last_run.flow, last_run.logical_on AS run_on,
       last_run.started_at, last_run.code_version,
       coalesce(facts.as_of, (SELECT max(as_of) FROM signals.emergence WHERE level = 'technology')) AS as_of,
       (SELECT map_from_entries(list((purpose, revision) ORDER BY purpose)) FROM revisions) AS model_revisions,
       facts.taxonomy_digest, facts.content_digest,
       coalesce((SELECT bool_or(is_simulated) FROM core.documents), false) AS is_simulated
FROM facts LEFT JOIN last_run ON true;

COMMENT ON VIEW marts.snapshot IS 'Exactly one row: what this file is and what it was made with. Cite snapshot_id.';
COMMENT ON COLUMN marts.snapshot.snapshot_id IS 'Name of the published snapshot; NULL or that of the last one in the writer''s own file.';
COMMENT ON COLUMN marts.snapshot.published_at IS 'When it was published, UTC.';
COMMENT ON COLUMN marts.snapshot.run_id IS 'The run that made it.';
COMMENT ON COLUMN marts.snapshot.flow IS 'What that run was.';
COMMENT ON COLUMN marts.snapshot.run_on IS 'The day that run stands for.';
COMMENT ON COLUMN marts.snapshot.started_at IS 'When it started, UTC.';
COMMENT ON COLUMN marts.snapshot.code_version IS 'Version of this software.';
COMMENT ON COLUMN marts.snapshot.as_of IS 'The day it was made for; NULL = never judged.';
COMMENT ON COLUMN marts.snapshot.model_revisions IS 'Purpose to model@revision of every model used.';
COMMENT ON COLUMN marts.snapshot.taxonomy_digest IS 'Digest of the policy lexicon and track definitions.';
COMMENT ON COLUMN marts.snapshot.content_digest IS 'Digest of all tables but the ledger: equal digests mean equal content.';
COMMENT ON COLUMN marts.snapshot.is_simulated IS 'True when documents of the practice archive are in it.';
