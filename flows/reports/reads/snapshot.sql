-- What the published file is and what it was made with.
SELECT * FROM marts.snapshot
