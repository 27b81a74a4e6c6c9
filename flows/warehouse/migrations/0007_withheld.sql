-- What a published file must not pass on: texts whose source or licence does not let it. Filled in published files only.
CREATE TABLE core.withheld_texts (version_id VARCHAR NOT NULL, abstract_length INTEGER NOT NULL);
COMMENT ON TABLE core.withheld_texts IS 'One row per document version whose abstract was left out of this published file, because its source or licence does not let it be passed on; no row in the writer''s own file.';
COMMENT ON COLUMN core.withheld_texts.version_id IS 'The version.';
COMMENT ON COLUMN core.withheld_texts.abstract_length IS 'Characters of the abstract that was left out.';
