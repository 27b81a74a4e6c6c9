-- The technology that each watched name means: by id, name, Chinese name, alias or term. One that was merged leads on to the other.
WITH wanted AS (
    SELECT unnest($names::VARCHAR[]) AS wanted, unnest($term_keys::VARCHAR[]) AS term_key
)
SELECT wanted.wanted, coalesce(into_one.technology_id, known.technology_id) AS technology_id
FROM wanted
JOIN marts.technologies AS known
  ON known.technology_id = wanted.wanted OR lower(known.name) = lower(wanted.wanted) OR lower(known.name_zh) = lower(wanted.wanted)
  OR list_contains(list_transform(known.aliases, lambda alias: lower(alias)), lower(wanted.wanted))
  OR list_contains(known.term_keys, wanted.term_key)
LEFT JOIN marts.technologies AS into_one ON into_one.technology_id = known.merged_into_technology_id
QUALIFY row_number() OVER (
    PARTITION BY wanted.wanted
    ORDER BY known.technology_id = wanted.wanted DESC, lower(known.name) = lower(wanted.wanted) DESC, known.work_count DESC, known.technology_id
) = 1
