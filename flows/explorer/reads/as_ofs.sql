-- Days for which a ranking is stored, the newest first.
SELECT DISTINCT as_of FROM marts.emergence ORDER BY as_of DESC
