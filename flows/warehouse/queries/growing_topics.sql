-- question: Which topics hold a larger share of their stream in the last four quarters than in the four before?
WITH spans AS (
    SELECT timeline.topic_id, timeline.label, timeline.stream,
           avg(timeline.work_share) FILTER (timeline.quarter_on >= snapshot.as_of - INTERVAL 1 YEAR) AS recent_share,
           avg(timeline.work_share) FILTER (timeline.quarter_on < snapshot.as_of - INTERVAL 1 YEAR
                                            AND timeline.quarter_on >= snapshot.as_of - INTERVAL 2 YEAR) AS earlier_share,
           sum(timeline.works) FILTER (timeline.quarter_on >= snapshot.as_of - INTERVAL 1 YEAR) AS recent_works
    FROM marts.topic_timeline AS timeline, marts.snapshot
    WHERE timeline.topic_id IS NOT NULL
    GROUP BY ALL
)
SELECT label, stream, recent_works, earlier_share, recent_share, recent_share / nullif(earlier_share, 0) AS times_larger
FROM spans
WHERE recent_works >= 10 AND recent_share > earlier_share
ORDER BY times_larger DESC NULLS LAST, label, stream
LIMIT 30;
