-- question: Where did the ten first technologies of the day stand on every day kept?
WITH leaders AS (
    SELECT technology_id, rank AS rank_now FROM marts.emergence
    WHERE as_of = (SELECT as_of FROM marts.snapshot) AND is_ranked AND rank <= 10
)
SELECT leaders.rank_now, history.name, history.as_of, history.rank, history.score, history.stage
FROM leaders JOIN marts.emergence AS history USING (technology_id)
ORDER BY leaders.rank_now, history.name, history.as_of;
