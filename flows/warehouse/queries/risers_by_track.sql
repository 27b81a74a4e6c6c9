-- question: Which technology of each track rose most since about a month before, and on what evidence?
WITH days AS (
    SELECT max(as_of) FILTER (as_of = (SELECT as_of FROM marts.snapshot)) AS now_on,
           max(as_of) FILTER (as_of <= (SELECT as_of FROM marts.snapshot) - 28) AS before_on
    FROM marts.emergence
), risers AS (
    SELECT now.track, now.technology_id, now.name, before.rank AS rank_before, now.rank, before.as_of AS compared_with
    FROM days
    JOIN marts.emergence AS now ON now.as_of = days.now_on AND now.is_ranked AND now.track IS NOT NULL
    JOIN marts.emergence AS before ON before.as_of = days.before_on AND before.technology_id = now.technology_id AND before.is_ranked
    WHERE now.rank < before.rank
    QUALIFY row_number() OVER (PARTITION BY now.track ORDER BY before.rank - now.rank DESC, now.rank) = 1
)
SELECT risers.track, risers.name, risers.rank_before, risers.rank, risers.compared_with, evidence.available_on, evidence.kind, evidence.title, evidence.url
FROM risers JOIN marts.evidence AS evidence ON evidence.technology_id = risers.technology_id AND evidence.evidence_rank <= 3
ORDER BY risers.track, evidence.evidence_rank;
