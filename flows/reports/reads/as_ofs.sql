-- The newest stored ranking on or before a day, and the one it is compared with: the nearest at least a week older.
WITH stored AS (SELECT DISTINCT as_of FROM marts.emergence)
SELECT newest.as_of, (SELECT max(older.as_of) FROM stored AS older WHERE older.as_of <= newest.as_of - 7) AS previous_as_of
FROM (SELECT max(as_of) AS as_of FROM stored WHERE as_of <= $day) AS newest
WHERE newest.as_of IS NOT NULL
