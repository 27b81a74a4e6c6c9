-- fail: A share or a probability lies outside 0 to 1.
SELECT 'core.track_scores.score' AS place, version_id AS row_id, score AS value FROM core.track_scores WHERE score NOT BETWEEN 0 AND 1
UNION ALL SELECT 'core.topic_lineage.overlap_share', coalesce(from_topic_id, to_topic_id), overlap_share FROM core.topic_lineage
    WHERE overlap_share NOT BETWEEN 0 AND 1
UNION ALL SELECT 'signals.emergence.top20_share', technology_id, top20_share FROM signals.emergence WHERE top20_share NOT BETWEEN 0 AND 1
UNION ALL SELECT 'signals.stages', technology_id, incubation + early_industrialisation + scaling + mature + declining FROM signals.stages
    WHERE abs(incubation + early_industrialisation + scaling + mature + declining - 1) > 1e-6
       OR least(incubation, early_industrialisation, scaling, mature, declining) < 0
