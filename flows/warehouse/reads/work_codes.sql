-- Which of the works in the temporary table works_as_of has which code: an arXiv category or USPC class as it is, a CPC or IPC symbol as
-- its subclass (4 letters). Plain categories are left out: they are venues, shelves and labels of an outlet, and their growth is that of a venue.
WITH versions AS (
    SELECT place, unnest(version_ids) AS version_id FROM works_as_of
), coded AS (
    SELECT DISTINCT versions.place, codes.scheme, CASE WHEN codes.scheme IN ('cpc', 'ipc') THEN left(codes.code, 4) ELSE codes.code END AS code
    FROM versions JOIN core.codes AS codes USING (version_id)
    WHERE codes.scheme IN ('arxiv', 'cpc', 'ipc', 'uspc')
)
SELECT place, (dense_rank() OVER (ORDER BY scheme, code) - 1)::INTEGER AS feature FROM coded ORDER BY ALL;
