-- What a person decided on technologies: a copy of the curation file, so that a snapshot says what it rests on.
CREATE TABLE core.curation (
    number INTEGER NOT NULL, decided_at TIMESTAMP NOT NULL, act VARCHAR NOT NULL, reason VARCHAR NOT NULL, term_key VARCHAR,
    into_term_key VARCHAR, split_term_keys VARCHAR[] NOT NULL, name VARCHAR, name_zh VARCHAR, entry JSON, undoes INTEGER,
    is_in_force BOOLEAN NOT NULL, run_id VARCHAR NOT NULL);
COMMENT ON TABLE core.curation IS 'One row per act of `observatory curate`, undone ones too.';
COMMENT ON COLUMN core.curation.number IS 'Number of the act, from 1, in the order in which they were made.';
COMMENT ON COLUMN core.curation.decided_at IS 'When it was made, UTC.';
COMMENT ON COLUMN core.curation.act IS 'merge, rename, split, reject, accept, entry or undo.';
COMMENT ON COLUMN core.curation.reason IS 'Why, as the person wrote it.';
COMMENT ON COLUMN core.curation.term_key IS 'Canonical term of the technology it is about; NULL for entry and undo.';
COMMENT ON COLUMN core.curation.into_term_key IS 'merge: canonical term of the technology it was put into.';
COMMENT ON COLUMN core.curation.split_term_keys IS 'split: the terms taken out, the one that names the new technology first; else empty.';
COMMENT ON COLUMN core.curation.name IS 'rename: the name given.';
COMMENT ON COLUMN core.curation.name_zh IS 'rename: the Chinese name given, if any.';
COMMENT ON COLUMN core.curation.entry IS 'entry: the entry of the taxonomy as written.';
COMMENT ON COLUMN core.curation.undoes IS 'undo: number of the act taken back.';
COMMENT ON COLUMN core.curation.is_in_force IS 'Whether it stands: no later act undid it.';
COMMENT ON COLUMN core.curation.run_id IS 'Run that wrote the row.';
