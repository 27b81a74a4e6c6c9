-- key: source
CREATE OR REPLACE VIEW marts.sources AS
WITH names AS (
    SELECT source FROM core.documents UNION SELECT source FROM meta.windows UNION SELECT source FROM meta.cursors UNION SELECT source FROM raw.rejects
), held AS (
    SELECT source, list(DISTINCT kind ORDER BY kind) AS kinds, count(*)::INTEGER AS document_count,
           count(*) FILTER (state = 'live')::INTEGER AS live_document_count, min(available_on) AS first_on, max(available_on) AS last_on,
           bool_or(is_simulated) AS is_simulated
    FROM core.documents WHERE superseded_on IS NULL GROUP BY source
), refused AS (
    SELECT source, count(*)::INTEGER AS reject_count FROM raw.rejects GROUP BY source
), received AS (
    SELECT source, count(*)::INTEGER AS capture_count FROM raw.captures GROUP BY source
), covered AS (
    SELECT source, max(covered_to_on) AS covered_to_on FROM meta.cursors GROUP BY source
), last_windows AS (
    SELECT source, arg_max(is_complete, (to_on, loaded_at)) AS is_complete, arg_max(problems, (to_on, loaded_at)) AS problems,
           arg_max(document_count, (to_on, loaded_at)) AS document_count,
           arg_max(capture_count, (to_on, loaded_at)) AS capture_count, max(loaded_at) AS loaded_at, max(to_on) AS to_on
    FROM meta.windows GROUP BY source
), lagging AS (
    SELECT source, list(part ORDER BY part) AS parts FROM meta.lagging_parts GROUP BY source
)
SELECT names.source, held.kinds, coalesce(held.document_count, 0) AS document_count, coalesce(held.live_document_count, 0) AS live_document_count,
       held.first_on, held.last_on, coalesce(received.capture_count, 0) AS capture_count, coalesce(refused.reject_count, 0) AS reject_count,
       covered.covered_to_on, last_windows.to_on AS last_window_to_on, last_windows.is_complete AS is_last_window_complete,
       last_windows.problems AS last_problems, last_windows.loaded_at AS last_loaded_at, coalesce(held.is_simulated, false) AS is_simulated,
       coalesce(lagging.parts, []) AS lagging_parts,
       CASE WHEN last_windows.to_on IS NULL THEN 'imported'
            WHEN NOT last_windows.is_complete THEN 'incomplete'
            WHEN last_windows.document_count = 0 AND last_windows.capture_count > 0 THEN 'silent'
            WHEN lagging.parts IS NOT NULL THEN len(lagging.parts) || ' behind'
            ELSE 'well' END AS health
FROM names
LEFT JOIN held USING (source)
LEFT JOIN received USING (source)
LEFT JOIN refused USING (source)
LEFT JOIN covered USING (source)
LEFT JOIN last_windows USING (source)
LEFT JOIN lagging USING (source);

COMMENT ON VIEW marts.sources IS 'One row per source that ever gave or was asked for something.';
COMMENT ON COLUMN marts.sources.source IS 'Name of the source.';
COMMENT ON COLUMN marts.sources.kinds IS 'Streams it gave; NULL = no document.';
COMMENT ON COLUMN marts.sources.document_count IS 'Documents held from it.';
COMMENT ON COLUMN marts.sources.live_document_count IS 'Of these neither withdrawn nor deleted.';
COMMENT ON COLUMN marts.sources.first_on IS 'First available_on among them.';
COMMENT ON COLUMN marts.sources.last_on IS 'Last available_on among them.';
COMMENT ON COLUMN marts.sources.capture_count IS 'Responses received.';
COMMENT ON COLUMN marts.sources.reject_count IS 'Records that could not be read.';
COMMENT ON COLUMN marts.sources.covered_to_on IS 'Day up to which it was gathered without a gap; NULL = imported or never complete.';
COMMENT ON COLUMN marts.sources.last_window_to_on IS 'Last day of the newest window asked for.';
COMMENT ON COLUMN marts.sources.is_last_window_complete IS 'True when every page of that window arrived.';
COMMENT ON COLUMN marts.sources.last_problems IS 'What went wrong in it, one sentence each.';
COMMENT ON COLUMN marts.sources.last_loaded_at IS 'When a window of it was last loaded, UTC.';
COMMENT ON COLUMN marts.sources.is_simulated IS 'True when it gave documents of the practice archive.';
COMMENT ON COLUMN marts.sources.lagging_parts IS 'Feeds, sites or queries of it that are behind covered_to_on.';
COMMENT ON COLUMN marts.sources.health IS 'well, n behind (that many lagging_parts), silent (last window gave no document), incomplete (it did not arrive or was set aside), imported.';
