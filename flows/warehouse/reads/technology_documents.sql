-- Fill core.technology_documents: every document version in force that names a registered technology that was not merged into another.
INSERT INTO core.technology_documents (technology_id, document_id, version_id, mention_count, is_in_title, run_id)
WITH terms AS (
    SELECT technology_id, unnest(term_keys) AS term_key FROM core.technologies WHERE merged_into_technology_id IS NULL
)
SELECT terms.technology_id, documents.document_id, documents.version_id,
       sum(mentions.mention_count)::INTEGER, bool_or(mentions.is_in_title), $run_id
FROM terms
JOIN core.term_mentions AS mentions USING (term_key)
JOIN core.current_documents AS documents USING (version_id)
GROUP BY ALL;
