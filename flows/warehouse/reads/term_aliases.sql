-- One row per equivalence stated in the texts available at $as_of, with the number of works that state it.
WITH versions AS (
    SELECT version_id, work_id FROM core.versions_at($as_of::DATE)
), stated AS (
    SELECT alias_key, term_key, pattern, alias_surface, term_surface, count(DISTINCT work_id) AS surface_works
    FROM core.term_aliases JOIN versions USING (version_id)
    GROUP BY ALL
), totals AS (
    SELECT alias_key, term_key, pattern, count(DISTINCT work_id) AS works
    FROM core.term_aliases JOIN versions USING (version_id)
    GROUP BY ALL
)
SELECT alias_key, term_key, pattern, any_value(works) AS works,
       arg_min(alias_surface, (-surface_works, alias_surface)) AS alias_surface,
       arg_min(term_surface, (-surface_works, term_surface)) AS term_surface
FROM stated JOIN totals USING (alias_key, term_key, pattern)
GROUP BY alias_key, term_key, pattern
ORDER BY alias_key, term_key, pattern;
