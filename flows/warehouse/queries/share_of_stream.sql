-- question: How did the share of the first twenty technologies in each stream change from the two years before to the last two?
WITH leaders AS (
    SELECT technology_id, name, rank FROM marts.emergence WHERE as_of = (SELECT as_of FROM marts.snapshot) AND is_ranked AND rank <= 20
), totals AS (
    SELECT stream, quarter_on, any_value(stream_works) AS stream_works FROM marts.technology_timeline GROUP BY stream, quarter_on
), spans AS (
    SELECT stream, sum(stream_works) FILTER (quarter_on >= day - INTERVAL 2 YEAR) AS recent_total,
           sum(stream_works) FILTER (quarter_on >= day - INTERVAL 4 YEAR AND quarter_on < day - INTERVAL 2 YEAR) AS earlier_total
    FROM totals, (SELECT as_of AS day FROM marts.snapshot)
    GROUP BY stream
), counts AS (
    SELECT leaders.rank, leaders.name, timeline.stream,
           coalesce(sum(timeline.works) FILTER (timeline.quarter_on >= day - INTERVAL 2 YEAR), 0) AS recent_works,
           coalesce(sum(timeline.works) FILTER (timeline.quarter_on >= day - INTERVAL 4 YEAR AND timeline.quarter_on < day - INTERVAL 2 YEAR), 0) AS earlier_works
    FROM leaders JOIN marts.technology_timeline AS timeline USING (technology_id), (SELECT as_of AS day FROM marts.snapshot)
    GROUP BY ALL
)
SELECT counts.rank, counts.name, counts.stream, counts.earlier_works, counts.recent_works,
       counts.earlier_works / nullif(spans.earlier_total, 0) AS earlier_share, counts.recent_works / nullif(spans.recent_total, 0) AS recent_share
FROM counts JOIN spans USING (stream)
ORDER BY counts.rank, counts.name, counts.stream;
