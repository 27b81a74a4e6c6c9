-- fail: A column that names one of few things names another.
SELECT 'core.documents.kind' AS place, kind AS word FROM core.documents WHERE kind NOT IN ('paper', 'patent', 'news', 'grant') GROUP BY ALL
UNION ALL SELECT 'core.documents.state', state FROM core.documents WHERE state NOT IN ('live', 'withdrawn', 'retracted', 'deleted') GROUP BY ALL
UNION ALL SELECT 'core.documents.date_precision', date_precision FROM core.documents
    WHERE date_precision NOT IN ('day', 'month', 'year') GROUP BY ALL
UNION ALL SELECT 'core.track_scores.track', track FROM core.track_scores
    WHERE track NOT IN ('manufacturing', 'information', 'materials', 'energy', 'space', 'health') GROUP BY ALL
UNION ALL SELECT 'signals.emergence.level', level FROM signals.emergence WHERE level NOT IN ('technology', 'topic') GROUP BY ALL
UNION ALL SELECT 'signals.stages.stage', stage FROM signals.stages
    WHERE stage NOT IN ('incubation', 'early industrialisation', 'scaling', 'mature', 'declining') GROUP BY ALL
