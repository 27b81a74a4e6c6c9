-- question: Which alerts were raised in the last week, and about what?
SELECT as_of, name, track, alert, detail
FROM marts.alerts
WHERE as_of > (SELECT as_of FROM marts.snapshot) - 7
ORDER BY as_of DESC, alert, name;
