-- question: Which five technologies lead each track, and how sure are their places?
SELECT track, track_rank, name, stage, score, score_low, score_high, rank_low, rank_high
FROM marts.emergence
WHERE as_of = (SELECT as_of FROM marts.snapshot) AND is_ranked AND track_rank <= 5
ORDER BY track, track_rank;
