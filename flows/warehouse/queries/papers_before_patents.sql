-- question: Which technologies went from papers to patents, and how long did it take?
WITH firsts AS (
    SELECT technology_id, min(available_on) FILTER (kind = 'paper') AS paper_on, min(available_on) FILTER (kind = 'patent') AS patent_on
    FROM marts.evidence
    GROUP BY technology_id
)
SELECT technologies.name, technologies.track, paper_on, patent_on, date_diff('month', paper_on, patent_on) AS months
FROM firsts JOIN marts.technologies AS technologies USING (technology_id)
WHERE paper_on < patent_on
ORDER BY patent_on DESC, technologies.name
LIMIT 50;
