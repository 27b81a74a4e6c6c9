-- Which of the works in the temporary table works_as_of has which code: an arXiv or plain category as it is, a CPC or IPC symbol as its subclass (4 letters).
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
), coded AS (
    SELECT DISTINCT versions.place, codes.scheme, CASE WHEN codes.scheme IN ('cpc', 'ipc') THEN left(codes.code, 4) ELSE codes.code END AS code
    FROM versions JOIN core.codes AS codes USING (version_id)
)
SELECT place, (dense_rank() OVER (ORDER BY scheme, code) - 1)::INTEGER AS feature FROM coded ORDER BY ALL;
