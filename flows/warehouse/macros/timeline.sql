CREATE OR REPLACE MACRO marts.timeline(of_name) AS TABLE
SELECT timeline.quarter_on, timeline.stream, timeline.works, timeline.stream_works, timeline.work_share, timeline.name, timeline.technology_id
FROM marts.technology_timeline AS timeline
JOIN marts.technologies AS technologies USING (technology_id)
WHERE list_contains(list_transform(list_concat([technologies.name, technologies.name_zh], technologies.aliases), lambda spelling: lower(spelling)), lower(of_name))
ORDER BY timeline.technology_id, timeline.quarter_on, timeline.stream;

COMMENT ON MACRO TABLE marts.timeline IS 'timeline(name): works per quarter and stream of the technology with that name or alias, in any case of letters.';
