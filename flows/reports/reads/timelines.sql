-- Works of each technology beside all works of the stream, for every complete quarter, also those without a work of it.
WITH quarters AS (
    SELECT quarter_on, stream, max(stream_works) AS stream_works
    FROM marts.technology_timeline
    WHERE quarter_on + INTERVAL 3 MONTH <= $as_of + INTERVAL 1 DAY AND quarter_on >= $as_of - INTERVAL 8 YEAR
    GROUP BY quarter_on, stream
), chosen AS (
    SELECT unnest($technology_ids::VARCHAR[]) AS technology_id
)
SELECT chosen.technology_id, quarters.quarter_on, quarters.stream, coalesce(timeline.works, 0) AS works, quarters.stream_works
FROM chosen CROSS JOIN quarters
LEFT JOIN marts.technology_timeline AS timeline USING (technology_id, quarter_on, stream)
ORDER BY chosen.technology_id, quarters.quarter_on, quarters.stream
