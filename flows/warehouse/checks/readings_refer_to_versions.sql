-- fail: Something was read in a document version that does not exist.
SELECT found.origin, found.version_id
FROM (
    SELECT DISTINCT 'actors' AS origin, version_id FROM core.actors
    UNION ALL SELECT DISTINCT 'codes', version_id FROM core.codes
    UNION ALL SELECT DISTINCT 'duplicate_keys', version_id FROM core.duplicate_keys
    UNION ALL SELECT DISTINCT 'readings', version_id FROM core.readings
    UNION ALL SELECT DISTINCT 'term_mentions', version_id FROM core.term_mentions
    UNION ALL SELECT DISTINCT 'term_aliases', version_id FROM core.term_aliases
    UNION ALL SELECT DISTINCT 'entity_mentions', version_id FROM core.entity_mentions
    UNION ALL SELECT DISTINCT 'embeddings', version_id FROM core.embeddings
    UNION ALL SELECT DISTINCT 'track_scores', version_id FROM core.track_scores
    UNION ALL SELECT DISTINCT 'track_readings', version_id FROM core.track_readings
    UNION ALL SELECT DISTINCT 'technology_documents', version_id FROM core.technology_documents
    UNION ALL SELECT DISTINCT 'topic_documents', version_id FROM core.topic_documents
) AS found
ANTI JOIN core.documents AS documents USING (version_id)
