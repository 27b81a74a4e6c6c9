-- Every ranked technology of a day with its score, best first.
SELECT technology_id, name, rank, score FROM marts.emergence WHERE as_of = $as_of AND is_ranked ORDER BY rank, technology_id
