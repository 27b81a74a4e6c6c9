-- fail: Something has no place in the ranking and no reason is given, or has both.
SELECT level, as_of, technology_id, is_ranked, reason FROM signals.emergence WHERE is_ranked = (reason <> '')
