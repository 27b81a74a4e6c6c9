-- What gathering must remember from night to night beside the cursor: parts that fell behind, and what each window looked like.
CREATE TABLE meta.lagging_parts (
    source VARCHAR NOT NULL, part VARCHAR NOT NULL, wanted_from_on DATE NOT NULL, run_id VARCHAR NOT NULL, moved_at TIMESTAMP NOT NULL);
COMMENT ON TABLE meta.lagging_parts IS 'One row per feed, site or query that is behind the cursor of its source.';
COMMENT ON COLUMN meta.lagging_parts.source IS 'Name of the source.';
COMMENT ON COLUMN meta.lagging_parts.part IS 'Name of the feed or site, or the query.';
COMMENT ON COLUMN meta.lagging_parts.wanted_from_on IS 'First day it must be asked for again.';
COMMENT ON COLUMN meta.lagging_parts.run_id IS 'Run in which it fell behind.';
COMMENT ON COLUMN meta.lagging_parts.moved_at IS 'When it fell behind, UTC.';

CREATE TABLE meta.window_fields (
    source VARCHAR NOT NULL, from_on DATE NOT NULL, to_on DATE NOT NULL, field VARCHAR NOT NULL, document_count INTEGER NOT NULL,
    run_id VARCHAR NOT NULL);
COMMENT ON TABLE meta.window_fields IS 'One row per window and field of its documents; the last windows of each source only.';
COMMENT ON COLUMN meta.window_fields.source IS 'Name of the source.';
COMMENT ON COLUMN meta.window_fields.from_on IS 'First day of the window.';
COMMENT ON COLUMN meta.window_fields.to_on IS 'Last day of the window.';
COMMENT ON COLUMN meta.window_fields.field IS 'Column of core.documents; document = all live documents.';
COMMENT ON COLUMN meta.window_fields.document_count IS 'Live documents of the window that have it.';
COMMENT ON COLUMN meta.window_fields.run_id IS 'Run that wrote the row.';

CREATE TABLE meta.window_shapes (
    source VARCHAR NOT NULL, from_on DATE NOT NULL, to_on DATE NOT NULL, path VARCHAR NOT NULL, type VARCHAR NOT NULL,
    seen_count INTEGER NOT NULL, parent_count INTEGER NOT NULL, run_id VARCHAR NOT NULL);
COMMENT ON TABLE meta.window_shapes IS 'One row per window, field of the responses as received, and type; the last windows of each source only.';
COMMENT ON COLUMN meta.window_shapes.source IS 'Name of the source.';
COMMENT ON COLUMN meta.window_shapes.from_on IS 'First day of the window.';
COMMENT ON COLUMN meta.window_shapes.to_on IS 'Last day of the window.';
COMMENT ON COLUMN meta.window_shapes.path IS 'Names from the outside in; [] = entries of a list, @ = attribute.';
COMMENT ON COLUMN meta.window_shapes.type IS 'map, list, text, number, boolean, null or element.';
COMMENT ON COLUMN meta.window_shapes.seen_count IS 'How often the field was seen with that type.';
COMMENT ON COLUMN meta.window_shapes.parent_count IS 'How often the thing it belongs to was seen.';
COMMENT ON COLUMN meta.window_shapes.run_id IS 'Run that wrote the row.';
