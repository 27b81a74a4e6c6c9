-- key: level, as_of, technology_id
-- Both levels side by side, the components pivoted; marts.emergence and marts.topic_emergence show one level each.
CREATE OR REPLACE VIEW signals.judgements AS
WITH parts AS (
    SELECT technology_id, as_of,
           max(value) FILTER (indicator = 'vitality') AS vitality, max(points) FILTER (indicator = 'vitality') AS vitality_points,
           max(value) FILTER (indicator = 'field_momentum') AS field_momentum, max(points) FILTER (indicator = 'field_momentum') AS field_momentum_points,
           max(value) FILTER (indicator = 'growth') AS growth, max(points) FILTER (indicator = 'growth') AS growth_points,
           max(value) FILTER (indicator = 'acceleration') AS acceleration, max(points) FILTER (indicator = 'acceleration') AS acceleration_points,
           max(value) FILTER (indicator = 'persistence') AS persistence, max(points) FILTER (indicator = 'persistence') AS persistence_points,
           max(value) FILTER (indicator = 'community') AS community, max(points) FILTER (indicator = 'community') AS community_points,
           max(value) FILTER (indicator = 'entrants') AS entrants, max(points) FILTER (indicator = 'entrants') AS entrants_points,
           max(value) FILTER (indicator = 'novelty') AS novelty, max(points) FILTER (indicator = 'novelty') AS novelty_points,
           max(value) FILTER (indicator = 'coherence') AS coherence, max(points) FILTER (indicator = 'coherence') AS coherence_points,
           max(value) FILTER (indicator = 'convergence') AS convergence, max(points) FILTER (indicator = 'convergence') AS convergence_points,
           max(value) FILTER (indicator = 'track_convergence') AS track_convergence, max(points) FILTER (indicator = 'track_convergence') AS track_convergence_points,
           max(value) FILTER (indicator = 'transition') AS transition, max(points) FILTER (indicator = 'transition') AS transition_points,
           max(value) FILTER (indicator = 'freshness') AS freshness, max(points) FILTER (indicator = 'freshness') AS freshness_points,
           max(value) FILTER (indicator = 'code_growth') AS code_growth, max(points) FILTER (indicator = 'code_growth') AS code_growth_points
    FROM signals.indicators
    GROUP BY technology_id, as_of
)
SELECT emergence.technology_id, emergence.name, emergence.as_of, emergence.level, emergence.track, emergence.rank, emergence.rank_low,
       emergence.rank_high, emergence.track_rank, emergence.score, emergence.score_low, emergence.score_high, stages.stage, emergence.works,
       emergence.recent_works, emergence.organisations, emergence.streams, emergence.is_ranked, emergence.is_weak_signal, emergence.reason,
       emergence.top20_share, parts.vitality, parts.vitality_points, parts.field_momentum, parts.field_momentum_points, parts.growth, parts.growth_points,
       parts.acceleration, parts.acceleration_points, parts.persistence, parts.persistence_points, parts.community,
       parts.community_points, parts.entrants, parts.entrants_points,
       stages.incubation AS incubation_share, stages.early_industrialisation AS early_industrialisation_share, stages.scaling AS scaling_share,
       stages.mature AS mature_share, stages.declining AS declining_share,
       parts.novelty, parts.novelty_points, parts.coherence, parts.coherence_points, parts.convergence, parts.convergence_points,
       parts.track_convergence, parts.track_convergence_points, parts.transition, parts.transition_points,
       side.tier, side.hype_gap, side.leading_organisation_share, side.stream_mix_support, side.maturity_words_support, side.share_trend_support,
       side.flat_curve_share, side.exponential_curve_share, side.logistic_curve_share,
       side.ceiling_share, side.ceiling_share_low, side.ceiling_share_high,
       parts.freshness, parts.freshness_points, parts.code_growth, parts.code_growth_points
FROM signals.emergence AS emergence
LEFT JOIN parts ON parts.technology_id = emergence.technology_id AND parts.as_of = emergence.as_of
LEFT JOIN signals.stages AS stages ON stages.technology_id = emergence.technology_id AND stages.as_of = emergence.as_of
LEFT JOIN signals.side_figures AS side ON side.technology_id = emergence.technology_id AND side.as_of = emergence.as_of;

COMMENT ON VIEW signals.judgements IS 'One row per technology or topic and as-of: the verdict with its components side by side.';
COMMENT ON COLUMN signals.judgements.technology_id IS 'The technology (or topic) judged.';
COMMENT ON COLUMN signals.judgements.name IS 'Its name at that as-of.';
COMMENT ON COLUMN signals.judgements.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.judgements.level IS 'technology or topic.';
COMMENT ON COLUMN signals.judgements.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN signals.judgements.rank IS 'Place over all tracks, 1 = first; NULL = not ranked.';
COMMENT ON COLUMN signals.judgements.rank_low IS 'Best place of the 80 % interval.';
COMMENT ON COLUMN signals.judgements.rank_high IS 'Worst place of the 80 % interval.';
COMMENT ON COLUMN signals.judgements.track_rank IS 'Place within its track.';
COMMENT ON COLUMN signals.judgements.score IS 'Emergence score, 0 to 100: the sum of the points of its components.';
COMMENT ON COLUMN signals.judgements.score_low IS 'Lower end of the 80 % interval.';
COMMENT ON COLUMN signals.judgements.score_high IS 'Upper end of the 80 % interval.';
COMMENT ON COLUMN signals.judgements.stage IS 'Most probable stage: incubation, early industrialisation, scaling, mature or declining.';
COMMENT ON COLUMN signals.judgements.works IS 'Works that name it, all years.';
COMMENT ON COLUMN signals.judgements.recent_works IS 'Works in the recent window (8 quarters).';
COMMENT ON COLUMN signals.judgements.organisations IS 'Organisations behind them; NULL where none is known.';
COMMENT ON COLUMN signals.judgements.streams IS 'Streams it was seen in.';
COMMENT ON COLUMN signals.judgements.is_ranked IS 'True when the evidence suffices for a place.';
COMMENT ON COLUMN signals.judgements.is_weak_signal IS 'True when it is listed apart for want of evidence.';
COMMENT ON COLUMN signals.judgements.reason IS 'Why it has no place, as a sentence; empty when ranked.';
COMMENT ON COLUMN signals.judgements.top20_share IS 'Share of resamplings in which it stood among the first twenty, 0 to 1.';
COMMENT ON COLUMN signals.judgements.vitality IS 'Mean of 1/(age+1), age in years, over its works, minus the same for their streams; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.vitality_points IS 'What vitality adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.field_momentum IS 'Share of first-time authors (else growth of its codes, else vitality) among the terms it is named with, as a robust z; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.field_momentum_points IS 'What field momentum adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.growth IS 'Lower 80 % bound of the log of its share of works in the last 8 quarters over its share in up to 5 years before, shrunk; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.growth_points IS 'What growth adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.acceleration IS 'The same for the last 4 quarters over the 4 before; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.acceleration_points IS 'What acceleration adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.persistence IS 'Share of the last 8 quarters with a work, shrunk; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.persistence_points IS 'What persistence adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.community IS 'Log of the effective number of organisations; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.community_points IS 'What community adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.entrants IS 'Share of its recent works by organisations that had not named it before, shrunk; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.entrants_points IS 'What entrants adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.incubation_share IS 'Probability of the stage incubation, 0 to 1.';
COMMENT ON COLUMN signals.judgements.early_industrialisation_share IS 'Probability of the stage early industrialisation, 0 to 1.';
COMMENT ON COLUMN signals.judgements.scaling_share IS 'Probability of the stage scaling, 0 to 1.';
COMMENT ON COLUMN signals.judgements.mature_share IS 'Probability of the stage mature, 0 to 1.';
COMMENT ON COLUMN signals.judgements.declining_share IS 'Probability of the stage declining, 0 to 1.';
COMMENT ON COLUMN signals.judgements.novelty IS 'exp(-years since its third work / 5) times 1 - the largest cosine to what was established five years before; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.novelty_points IS 'What novelty adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.coherence IS 'Mean cosine of two of its recent works less that of two works of its streams taken at random; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.coherence_points IS 'What coherence adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.convergence IS 'Rao-Stirling diversity of the codes of its works in the last two years less that of the five years before; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.convergence_points IS 'What convergence adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.track_convergence IS 'The same across tracks; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.track_convergence_points IS 'What track convergence adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.transition IS 'Steps from papers to patents to news that it made in that order, each fading with the years since; NULL = one stream only.';
COMMENT ON COLUMN signals.judgements.transition_points IS 'What transition adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.tier IS '1 = cannot be told from the first by the 80 % intervals, then 2, 3 ...; NULL = not ranked.';
COMMENT ON COLUMN signals.judgements.hype_gap IS 'z of its share of recent news less z of its share of recent papers and patents, shown beside the score; NULL = one side is missing.';
COMMENT ON COLUMN signals.judgements.leading_organisation_share IS 'Share of the recent works naming an organisation that name the most frequent one, 0 to 1; NULL = none named.';
COMMENT ON COLUMN signals.judgements.stream_mix_support IS 'How far the mix of streams speaks for the named stage: log of its likelihood over the mean; 0 = not at all.';
COMMENT ON COLUMN signals.judgements.maturity_words_support IS 'The same for maturity words (pilot, mass production ...).';
COMMENT ON COLUMN signals.judgements.share_trend_support IS 'The same for the trend of its share.';
COMMENT ON COLUMN signals.judgements.flat_curve_share IS 'Weight of a flat share among the curves that could fit its works per quarter, 0 to 1; NULL = too few works.';
COMMENT ON COLUMN signals.judgements.exponential_curve_share IS 'Weight of an exponential share among them.';
COMMENT ON COLUMN signals.judgements.logistic_curve_share IS 'Weight of a logistic that adds up to a ceiling among them.';
COMMENT ON COLUMN signals.judgements.ceiling_share IS 'What the best logistic has reached of its ceiling, 0 to 1.';
COMMENT ON COLUMN signals.judgements.ceiling_share_low IS 'Lower end of its 80 % interval.';
COMMENT ON COLUMN signals.judgements.ceiling_share_high IS 'Upper end of its 80 % interval.';
COMMENT ON COLUMN signals.judgements.freshness IS 'Share of its works written lately, at a half-life of half a year, above that of its streams, where a team counts once and few works count little; NULL = cannot be computed.';
COMMENT ON COLUMN signals.judgements.freshness_points IS 'What freshness adds to the score, in points of 100; NULL or 0 = not part of it.';
COMMENT ON COLUMN signals.judgements.code_growth IS 'Mean growth of the classification codes of its recent works, above that of their streams; NULL = no codes.';
COMMENT ON COLUMN signals.judgements.code_growth_points IS 'What the growth of its codes adds to the score, in points of 100; NULL or 0 = not part of it.';
