-- Every document version as one text, with what the sample for a fit is stratified by: kind, year and foremost track ('none').
WITH foremost AS (
    SELECT version_id, arg_max(track, (score, track)) AS track FROM core.track_scores WHERE is_assigned GROUP BY version_id
)
SELECT version_id, title || '. ' || abstract AS text, kind, coalesce(year(available_on)::VARCHAR, 'undated') AS year,
       coalesce(foremost.track, 'none') AS track
FROM core.documents LEFT JOIN foremost USING (version_id)
ORDER BY version_id;
