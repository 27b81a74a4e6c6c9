-- The verdict on one technology at one as-of.
SELECT * FROM marts.emergence WHERE technology_id = $technology_id AND as_of = $as_of
