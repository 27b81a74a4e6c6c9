-- key: topic_id
CREATE OR REPLACE VIEW marts.topics AS
WITH counts AS (
    SELECT members.topic_id, count(*)::INTEGER AS document_count, count(DISTINCT documents.work_id)::INTEGER AS work_count
    FROM core.topic_documents AS members
    JOIN core.current_documents AS documents USING (version_id)
    GROUP BY members.topic_id
), nearest AS (
    SELECT topic_id, list(document_id ORDER BY place) AS representative_document_ids,
           list(title ORDER BY place) AS representative_titles
    FROM (
        SELECT topic_id, document_id, title, row_number() OVER (PARTITION BY topic_id ORDER BY similarity DESC, document_id) AS place
        FROM (
            SELECT members.topic_id, documents.document_id, documents.title, round(members.similarity, 5) AS similarity
            FROM core.topic_documents AS members
            JOIN core.current_documents AS documents USING (version_id)
            WHERE members.topic_id IS NOT NULL
            QUALIFY row_number() OVER (
                PARTITION BY members.topic_id, coalesce(documents.work_id, documents.document_id)
                ORDER BY round(members.similarity, 5) DESC, documents.document_id
            ) = 1
        )
    )
    WHERE place <= 5
    GROUP BY topic_id
)
SELECT topics.topic_id, topics.label, topics.keywords, coalesce(counts.document_count, 0) AS document_count,
       coalesce(counts.work_count, 0) AS work_count, topics.born_on, topics.retired_on, topics.model, topics.reject_below,
       coalesce(nearest.representative_document_ids, []) AS representative_document_ids,
       coalesce(nearest.representative_titles, []) AS representative_titles
FROM core.topics AS topics
LEFT JOIN counts USING (topic_id)
LEFT JOIN nearest USING (topic_id);

COMMENT ON VIEW marts.topics IS 'One row per topic: a neighbourhood of documents in which technologies live.';
COMMENT ON COLUMN marts.topics.topic_id IS 'Identity; never changes its meaning and is never used again.';
COMMENT ON COLUMN marts.topics.label IS 'Name made of the noun phrases that set its documents apart at its birth.';
COMMENT ON COLUMN marts.topics.keywords IS 'Words that set it apart, strongest first.';
COMMENT ON COLUMN marts.topics.document_count IS 'Live documents assigned to it.';
COMMENT ON COLUMN marts.topics.work_count IS 'Works among them.';
COMMENT ON COLUMN marts.topics.born_on IS 'Day of the refit that found it.';
COMMENT ON COLUMN marts.topics.retired_on IS 'Day of the refit that let it go; NULL = in use.';
COMMENT ON COLUMN marts.topics.model IS 'Model of the vectors it was found in.';
COMMENT ON COLUMN marts.topics.reject_below IS 'Cosine below which a document belongs to no topic.';
COMMENT ON COLUMN marts.topics.representative_document_ids IS 'The live documents of five works nearest to its centroid, nearest first.';
COMMENT ON COLUMN marts.topics.representative_titles IS 'Their titles, in the same order.';
