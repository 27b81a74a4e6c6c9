-- key: track
CREATE OR REPLACE VIEW marts.tracks AS
WITH named AS (
    SELECT unnest(['manufacturing', 'information', 'materials', 'energy', 'space', 'health']) AS track
), documents_by_track AS (
    SELECT scores.track, count(*)::INTEGER AS document_count, count(DISTINCT documents.work_id)::INTEGER AS work_count
    FROM core.track_scores AS scores
    JOIN core.current_documents AS documents USING (version_id)
    WHERE scores.is_assigned
    GROUP BY scores.track
), technologies AS (
    SELECT track, count(*)::INTEGER AS technology_count FROM core.technologies WHERE merged_into_technology_id IS NULL GROUP BY track
), judged AS (
    SELECT track, max(as_of) AS as_of, count(*) FILTER (is_ranked)::INTEGER AS ranked_count,
           count(*) FILTER (is_weak_signal)::INTEGER AS weak_signal_count, arg_min(technology_id, track_rank) AS first_technology_id
    FROM signals.emergence
    WHERE level = 'technology' AND as_of = (SELECT max(as_of) FROM signals.emergence WHERE level = 'technology')
    GROUP BY track
)
SELECT named.track, coalesce(document_count, 0) AS document_count, coalesce(work_count, 0) AS work_count,
       coalesce(technology_count, 0) AS technology_count, judged.as_of, coalesce(ranked_count, 0) AS ranked_count,
       coalesce(weak_signal_count, 0) AS weak_signal_count, judged.first_technology_id
FROM named
LEFT JOIN documents_by_track USING (track)
LEFT JOIN technologies USING (track)
LEFT JOIN judged USING (track);

COMMENT ON VIEW marts.tracks IS 'One row per track, always six.';
COMMENT ON COLUMN marts.tracks.track IS 'manufacturing, information, materials, energy, space or health.';
COMMENT ON COLUMN marts.tracks.document_count IS 'Live documents assigned to it; a document may have several tracks.';
COMMENT ON COLUMN marts.tracks.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.tracks.technology_count IS 'Technologies whose primary track it is.';
COMMENT ON COLUMN marts.tracks.as_of IS 'Last as-of judged; NULL = none.';
COMMENT ON COLUMN marts.tracks.ranked_count IS 'Technologies ranked in it at that as-of.';
COMMENT ON COLUMN marts.tracks.weak_signal_count IS 'Weak signals in it at that as-of.';
COMMENT ON COLUMN marts.tracks.first_technology_id IS 'The technology in its first place; NULL = none ranked.';
