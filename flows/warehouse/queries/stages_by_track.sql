-- question: How many ranked technologies of each track stand at each stage?
SELECT track, stage, count(*) AS technology_count, min(rank) AS best_rank, arg_min(name, rank) AS first_of_them
FROM marts.emergence
WHERE as_of = (SELECT as_of FROM marts.snapshot) AND is_ranked
GROUP BY track, stage
ORDER BY track NULLS LAST, technology_count DESC, stage;
