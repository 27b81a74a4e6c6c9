-- key: as_of, technology_id
-- Each as-of beside the nearest stored one at least a week earlier. A technology that entered or left the ranking has one side only.
CREATE OR REPLACE VIEW marts.rank_changes AS
WITH days AS (
    SELECT DISTINCT as_of FROM signals.emergence WHERE level = 'technology'
), pairs AS (
    SELECT later.as_of, max(earlier.as_of) AS previous_as_of
    FROM days AS later JOIN days AS earlier ON earlier.as_of <= later.as_of - 7
    GROUP BY later.as_of
), ranked AS (
    SELECT pairs.as_of, pairs.previous_as_of, emergence.technology_id
    FROM pairs JOIN signals.emergence AS emergence ON emergence.as_of = pairs.as_of
    WHERE emergence.level = 'technology' AND emergence.is_ranked
    UNION
    SELECT pairs.as_of, pairs.previous_as_of, emergence.technology_id
    FROM pairs JOIN signals.emergence AS emergence ON emergence.as_of = pairs.previous_as_of
    WHERE emergence.level = 'technology' AND emergence.is_ranked
)
SELECT ranked.technology_id, coalesce(now.name, before.name) AS name, ranked.as_of, ranked.previous_as_of,
       coalesce(now.track, before.track) AS track, now.rank, before.rank AS previous_rank, before.rank - now.rank AS rank_change,
       now.score, before.score AS previous_score, now.score - before.score AS score_change,
       now.stage, before.stage AS previous_stage,
       coalesce(now.rank_high < before.rank_low OR now.rank_low > before.rank_high, false) AS is_beyond_intervals,
       coalesce(now.vitality_points, 0) - coalesce(before.vitality_points, 0) AS vitality_points_change,
       coalesce(now.field_momentum_points, 0) - coalesce(before.field_momentum_points, 0) AS field_momentum_points_change,
       coalesce(now.growth_points, 0) - coalesce(before.growth_points, 0) AS growth_points_change,
       coalesce(now.acceleration_points, 0) - coalesce(before.acceleration_points, 0) AS acceleration_points_change,
       coalesce(now.persistence_points, 0) - coalesce(before.persistence_points, 0) AS persistence_points_change,
       coalesce(now.community_points, 0) - coalesce(before.community_points, 0) AS community_points_change,
       coalesce(now.entrants_points, 0) - coalesce(before.entrants_points, 0) AS entrants_points_change,
       coalesce(now.novelty_points, 0) - coalesce(before.novelty_points, 0) AS novelty_points_change,
       coalesce(now.coherence_points, 0) - coalesce(before.coherence_points, 0) AS coherence_points_change,
       coalesce(now.convergence_points, 0) - coalesce(before.convergence_points, 0) AS convergence_points_change,
       coalesce(now.track_convergence_points, 0) - coalesce(before.track_convergence_points, 0) AS track_convergence_points_change,
       coalesce(now.transition_points, 0) - coalesce(before.transition_points, 0) AS transition_points_change,
       coalesce(now.freshness_points, 0) - coalesce(before.freshness_points, 0) AS freshness_points_change,
       coalesce(now.code_growth_points, 0) - coalesce(before.code_growth_points, 0) AS code_growth_points_change
FROM ranked
LEFT JOIN marts.emergence AS now ON now.technology_id = ranked.technology_id AND now.as_of = ranked.as_of
LEFT JOIN marts.emergence AS before ON before.technology_id = ranked.technology_id AND before.as_of = ranked.previous_as_of;

COMMENT ON VIEW marts.rank_changes IS 'One row per technology ranked at an as-of or at the one before it, and as-of: what changed in between.';
COMMENT ON COLUMN marts.rank_changes.technology_id IS 'The technology.';
COMMENT ON COLUMN marts.rank_changes.name IS 'Its name.';
COMMENT ON COLUMN marts.rank_changes.as_of IS 'The later day.';
COMMENT ON COLUMN marts.rank_changes.previous_as_of IS 'The nearest stored as-of at least 7 days earlier.';
COMMENT ON COLUMN marts.rank_changes.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN marts.rank_changes.rank IS 'Place at as_of; NULL = not ranked then.';
COMMENT ON COLUMN marts.rank_changes.previous_rank IS 'Place at previous_as_of; NULL = not ranked then.';
COMMENT ON COLUMN marts.rank_changes.rank_change IS 'Places climbed (negative = lost); NULL when it entered or left.';
COMMENT ON COLUMN marts.rank_changes.score IS 'Score at as_of.';
COMMENT ON COLUMN marts.rank_changes.previous_score IS 'Score at previous_as_of.';
COMMENT ON COLUMN marts.rank_changes.score_change IS 'Points gained of 100; the sum of the changes below when ranked on both days.';
COMMENT ON COLUMN marts.rank_changes.stage IS 'Stage at as_of.';
COMMENT ON COLUMN marts.rank_changes.previous_stage IS 'Stage at previous_as_of.';
COMMENT ON COLUMN marts.rank_changes.is_beyond_intervals IS 'True when the 80 % rank intervals of the two days do not overlap.';
COMMENT ON COLUMN marts.rank_changes.vitality_points_change IS 'Points of the score that vitality gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.field_momentum_points_change IS 'Points of the score that field momentum gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.growth_points_change IS 'Points of the score that growth gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.acceleration_points_change IS 'Points of the score that acceleration gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.persistence_points_change IS 'Points of the score that persistence gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.community_points_change IS 'Points of the score that community gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.entrants_points_change IS 'Points of the score that entrants gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.novelty_points_change IS 'Points of the score that novelty gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.coherence_points_change IS 'Points of the score that coherence gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.convergence_points_change IS 'Points of the score that convergence gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.track_convergence_points_change IS 'Points of the score that track convergence gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.transition_points_change IS 'Points of the score that transition gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.freshness_points_change IS 'Points of the score that freshness gained (negative = lost).';
COMMENT ON COLUMN marts.rank_changes.code_growth_points_change IS 'Points of the score that the growth of its codes gained (negative = lost).';
