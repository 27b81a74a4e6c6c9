-- question: Which topics were born, continued, split, merged or retired at the last refit?
SELECT refit_on, event, from_label, to_label, overlap_share
FROM marts.topic_lineage
WHERE refit_on = (SELECT max(refit_on) FROM marts.topic_lineage)
ORDER BY event, from_label, to_label;
