-- The five schemas and every stored table. No keys and no indexes on purpose: DuckDB files with them have been left
-- unopenable by crashes; uniqueness is proven by checks/ instead.
CREATE SCHEMA meta;
CREATE SCHEMA raw;
CREATE SCHEMA core;
CREATE SCHEMA signals;
CREATE SCHEMA marts;

-- meta: what ran -------------------------------------------------------------------------------------------------
CREATE TABLE meta.migrations (number INTEGER NOT NULL, name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL);
CREATE TABLE meta.runs (
    run_id VARCHAR NOT NULL, flow VARCHAR NOT NULL, logical_on DATE NOT NULL, state VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP, process_id INTEGER, boot_id VARCHAR, code_version VARCHAR, note VARCHAR);
CREATE TABLE meta.stages (
    run_id VARCHAR NOT NULL, stage VARCHAR NOT NULL, state VARCHAR NOT NULL, row_count BIGINT, note VARCHAR,
    started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP);
CREATE TABLE meta.windows (
    source VARCHAR NOT NULL, from_on DATE NOT NULL, to_on DATE NOT NULL, is_complete BOOLEAN NOT NULL,
    capture_count BIGINT NOT NULL, document_count BIGINT NOT NULL, reject_count BIGINT NOT NULL, problems VARCHAR[],
    run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL);
CREATE TABLE meta.cursors (source VARCHAR NOT NULL, covered_to_on DATE NOT NULL, run_id VARCHAR NOT NULL, moved_at TIMESTAMP NOT NULL);
CREATE TABLE meta.check_results (
    run_id VARCHAR NOT NULL, check_name VARCHAR NOT NULL, severity VARCHAR NOT NULL, failed_count BIGINT NOT NULL,
    sample VARCHAR, checked_at TIMESTAMP NOT NULL);
CREATE TABLE meta.models (
    model VARCHAR NOT NULL, revision VARCHAR NOT NULL, purpose VARCHAR NOT NULL, run_id VARCHAR NOT NULL, used_at TIMESTAMP NOT NULL);
CREATE TABLE meta.judged (as_of DATE NOT NULL, input_digest VARCHAR NOT NULL, run_id VARCHAR NOT NULL, judged_at TIMESTAMP NOT NULL);
CREATE TABLE meta.facts (key VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- raw: what was received -----------------------------------------------------------------------------------------
CREATE TABLE raw.captures (
    capture_id VARCHAR NOT NULL, source VARCHAR NOT NULL, from_on DATE, to_on DATE, sequence INTEGER NOT NULL, url VARCHAR NOT NULL,
    status INTEGER NOT NULL, sha256 VARCHAR NOT NULL, size_bytes BIGINT NOT NULL, path VARCHAR NOT NULL,
    fetched_at TIMESTAMP NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE raw.rejects (
    reject_id VARCHAR NOT NULL, source VARCHAR NOT NULL, capture_id VARCHAR, position INTEGER NOT NULL, record_id VARCHAR,
    reason VARCHAR NOT NULL, detail VARCHAR NOT NULL, run_id VARCHAR NOT NULL, rejected_at TIMESTAMP NOT NULL);

-- core: what was read --------------------------------------------------------------------------------------------
-- One row per document version. A version counts at an as-of T when available_on <= T and (superseded_on IS NULL OR superseded_on > T).
CREATE TABLE core.documents (
    document_id VARCHAR NOT NULL, version_id VARCHAR NOT NULL, source VARCHAR NOT NULL, source_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL, abstract VARCHAR NOT NULL, lang VARCHAR NOT NULL, published_on DATE, date_precision VARCHAR NOT NULL,
    available_on DATE, updated_on DATE, superseded_on DATE, state VARCHAR NOT NULL, url VARCHAR, licence VARCHAR,
    identifiers MAP(VARCHAR, VARCHAR) NOT NULL, extras JSON, is_simulated BOOLEAN NOT NULL, capture_id VARCHAR,
    fetched_at TIMESTAMP NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.actors (
    version_id VARCHAR NOT NULL, position INTEGER NOT NULL, role VARCHAR NOT NULL, name VARCHAR NOT NULL, name_key VARCHAR NOT NULL,
    country VARCHAR, run_id VARCHAR NOT NULL);
CREATE TABLE core.codes (version_id VARCHAR NOT NULL, position INTEGER NOT NULL, scheme VARCHAR NOT NULL, code VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.duplicate_keys (version_id VARCHAR NOT NULL, reason VARCHAR NOT NULL, key VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.works (
    work_id VARCHAR NOT NULL, document_id VARCHAR NOT NULL, linked_to_document_id VARCHAR, reason VARCHAR NOT NULL, similarity DOUBLE,
    run_id VARCHAR NOT NULL);
CREATE TABLE core.readings (version_id VARCHAR NOT NULL, pipeline VARCHAR NOT NULL, mention_count INTEGER NOT NULL, cue_counts INTEGER[] NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.term_mentions (
    version_id VARCHAR NOT NULL, term_key VARCHAR NOT NULL, surface VARCHAR NOT NULL, mention_count INTEGER NOT NULL,
    is_in_title BOOLEAN NOT NULL, is_acronym BOOLEAN NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.term_aliases (
    version_id VARCHAR NOT NULL, alias_key VARCHAR NOT NULL, alias_surface VARCHAR NOT NULL, term_key VARCHAR NOT NULL, term_surface VARCHAR NOT NULL,
    pattern VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.entity_mentions (
    version_id VARCHAR NOT NULL, entity_type VARCHAR NOT NULL, name_key VARCHAR NOT NULL, surface VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.embeddings (version_id VARCHAR NOT NULL, model VARCHAR NOT NULL, vector FLOAT[] NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.track_scores (
    version_id VARCHAR NOT NULL, track VARCHAR NOT NULL, score DOUBLE NOT NULL, is_assigned BOOLEAN NOT NULL, code_score DOUBLE,
    evidence JSON NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.track_readings (version_id VARCHAR NOT NULL, scorer VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.technologies (
    technology_id VARCHAR NOT NULL, name VARCHAR NOT NULL, name_zh VARCHAR, aliases VARCHAR[] NOT NULL, term_keys VARCHAR[] NOT NULL,
    first_on DATE NOT NULL, first_document_id VARCHAR NOT NULL, taxonomy_name VARCHAR, tracks VARCHAR[] NOT NULL, track VARCHAR,
    merged_into_technology_id VARCHAR, seen_as_of DATE NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.technology_documents (
    technology_id VARCHAR NOT NULL, document_id VARCHAR NOT NULL, version_id VARCHAR NOT NULL, mention_count INTEGER NOT NULL,
    is_in_title BOOLEAN NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.topics (
    topic_id VARCHAR NOT NULL, label VARCHAR NOT NULL, keywords VARCHAR[] NOT NULL, centroid FLOAT[] NOT NULL, model VARCHAR NOT NULL,
    reject_below DOUBLE NOT NULL, born_on DATE NOT NULL, retired_on DATE, run_id VARCHAR NOT NULL);
CREATE TABLE core.topic_documents (
    topic_id VARCHAR, version_id VARCHAR NOT NULL, similarity DOUBLE NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE core.topic_lineage (
    refit_on DATE NOT NULL, event VARCHAR NOT NULL, from_topic_id VARCHAR, to_topic_id VARCHAR, overlap_share DOUBLE NOT NULL, run_id VARCHAR NOT NULL);

-- signals: what was judged ---------------------------------------------------------------------------------------
CREATE TABLE signals.indicators (
    technology_id VARCHAR NOT NULL, as_of DATE NOT NULL, indicator VARCHAR NOT NULL, value DOUBLE, variance DOUBLE, cohort_rank DOUBLE,
    robust_z DOUBLE, points DOUBLE, run_id VARCHAR NOT NULL);
CREATE TABLE signals.emergence (
    technology_id VARCHAR NOT NULL, as_of DATE NOT NULL, level VARCHAR NOT NULL, name VARCHAR NOT NULL, track VARCHAR, is_ranked BOOLEAN NOT NULL,
    is_weak_signal BOOLEAN NOT NULL, reason VARCHAR NOT NULL, rank INTEGER, rank_low INTEGER, rank_high INTEGER, track_rank INTEGER,
    score DOUBLE, score_low DOUBLE, score_high DOUBLE, top20_share DOUBLE, works INTEGER NOT NULL, recent_works INTEGER NOT NULL,
    organisations INTEGER, streams VARCHAR[] NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE signals.stages (
    technology_id VARCHAR NOT NULL, as_of DATE NOT NULL, stage VARCHAR NOT NULL, incubation DOUBLE NOT NULL, early_industrialisation DOUBLE NOT NULL,
    scaling DOUBLE NOT NULL, mature DOUBLE NOT NULL, declining DOUBLE NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE signals.timeline (
    technology_id VARCHAR NOT NULL, quarter_on DATE NOT NULL, stream VARCHAR NOT NULL, works INTEGER NOT NULL, stream_works INTEGER NOT NULL,
    run_id VARCHAR NOT NULL);
CREATE TABLE signals.alerts (
    alert_id VARCHAR NOT NULL, as_of DATE NOT NULL, technology_id VARCHAR NOT NULL, alert VARCHAR NOT NULL, detail VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
