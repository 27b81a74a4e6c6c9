-- What grouping remembers, so that a night compares new documents with those they may touch and leaves all others as they are.
-- A migration that changes how works are found empties this table (and core.duplicate_keys where the keys change): the next run groups all anew.
CREATE TABLE core.duplicate_groups (
    document_id VARCHAR NOT NULL, group_id VARCHAR NOT NULL, group_size INTEGER NOT NULL, versions_digest HUGEINT NOT NULL, run_id VARCHAR NOT NULL
);
COMMENT ON TABLE core.duplicate_groups IS 'One row per document: with which others it shares keys, directly or over others. What is in one group cannot change how another is grouped into works.';
COMMENT ON COLUMN core.duplicate_groups.document_id IS 'The document.';
COMMENT ON COLUMN core.duplicate_groups.group_id IS 'Its group: the smallest document id in it.';
COMMENT ON COLUMN core.duplicate_groups.group_size IS 'How many documents the group has; fewer rows than that mean that one was taken down.';
COMMENT ON COLUMN core.duplicate_groups.versions_digest IS 'Digest of its versions, their order and their days when it was grouped.';
COMMENT ON COLUMN core.duplicate_groups.run_id IS 'Run that wrote the row.';
