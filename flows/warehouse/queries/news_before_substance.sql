-- question: Of which technologies does the news speak far more than papers and patents do, in shares of their streams over two years?
WITH shares AS (
    SELECT timeline.technology_id, timeline.name, timeline.stream, sum(timeline.work_share) / count(DISTINCT timeline.quarter_on) AS mean_share
    FROM marts.technology_timeline AS timeline, marts.snapshot
    WHERE timeline.quarter_on >= snapshot.as_of - INTERVAL 2 YEAR
    GROUP BY ALL
)
SELECT name, max(mean_share) FILTER (stream = 'news') AS news_share, max(mean_share) FILTER (stream = 'paper') AS paper_share,
       max(mean_share) FILTER (stream = 'patent') AS patent_share
FROM shares
GROUP BY technology_id, name
HAVING news_share > 2 * coalesce(greatest(paper_share, patent_share), 0)
ORDER BY news_share - coalesce(greatest(paper_share, patent_share), 0) DESC, name
LIMIT 30;
