-- fail: A technology or topic was judged without indicators or without a stage, or the other way round.
SELECT 'indicators' AS missing, as_of, technology_id FROM signals.emergence ANTI JOIN signals.indicators USING (technology_id, as_of)
UNION ALL SELECT 'stages', as_of, technology_id FROM signals.emergence ANTI JOIN signals.stages USING (technology_id, as_of)
UNION ALL SELECT DISTINCT 'emergence', as_of, technology_id FROM signals.indicators ANTI JOIN signals.emergence USING (technology_id, as_of)
