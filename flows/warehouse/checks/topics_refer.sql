-- fail: A topic id stands for two topics, or a topic is named somewhere that does not exist.
SELECT 'twice' AS problem, topic_id FROM core.topics GROUP BY topic_id HAVING count(*) > 1
UNION SELECT 'topic_documents', topic_id FROM core.topic_documents ANTI JOIN core.topics USING (topic_id) WHERE topic_id IS NOT NULL
UNION SELECT 'topic_lineage', to_topic_id FROM core.topic_lineage
    WHERE to_topic_id IS NOT NULL AND to_topic_id NOT IN (SELECT topic_id FROM core.topics)
UNION SELECT 'emergence', technology_id FROM signals.emergence
    WHERE level = 'topic' AND technology_id NOT IN (SELECT topic_id FROM core.topics)
