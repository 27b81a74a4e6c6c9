-- question: Which weak signals are the youngest, and where can they be read?
SELECT emergence.name, emergence.track, emergence.reason, emergence.recent_works, technologies.first_on, evidence.title, evidence.url
FROM marts.emergence AS emergence
JOIN marts.technologies AS technologies USING (technology_id)
LEFT JOIN marts.evidence AS evidence ON evidence.technology_id = emergence.technology_id AND evidence.evidence_rank = 1
WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.is_weak_signal
ORDER BY technologies.first_on DESC, emergence.recent_works DESC, emergence.name
LIMIT 30;
