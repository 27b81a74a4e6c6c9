-- Works that name one technology beside all works of the stream, for every complete quarter up to the as-of.
WITH quarters AS (
    SELECT quarter_on, stream, max(stream_works) AS stream_works
    FROM marts.technology_timeline
    WHERE quarter_on <= $as_of + INTERVAL 1 DAY - INTERVAL 3 MONTH AND quarter_on >= $as_of - INTERVAL 10 YEAR
    GROUP BY quarter_on, stream
)
SELECT quarters.quarter_on, quarters.stream, coalesce(timeline.works, 0) AS works, quarters.stream_works
FROM quarters
LEFT JOIN marts.technology_timeline AS timeline
  ON timeline.technology_id = $technology_id AND timeline.quarter_on = quarters.quarter_on AND timeline.stream = quarters.stream
ORDER BY quarters.quarter_on DESC, quarters.stream
LIMIT $rows OFFSET $skip
