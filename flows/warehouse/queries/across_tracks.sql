-- question: Which ranked technologies stand in more than one track?
SELECT emergence.rank, emergence.name, technologies.tracks, emergence.stage, emergence.works
FROM marts.emergence AS emergence JOIN marts.technologies AS technologies USING (technology_id)
WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.is_ranked AND len(technologies.tracks) > 1
ORDER BY emergence.rank, emergence.name
LIMIT 50;
