-- fail: The same thing was stored twice for one document version.
SELECT 'readings' AS origin, version_id, '' AS part FROM core.readings GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'term_mentions', version_id, term_key FROM core.term_mentions GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'embeddings', version_id, model FROM core.embeddings GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'track_scores', version_id, track FROM core.track_scores GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'topic_documents', version_id, '' FROM core.topic_documents GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'technology_documents', version_id, technology_id FROM core.technology_documents GROUP BY ALL HAVING count(*) > 1
