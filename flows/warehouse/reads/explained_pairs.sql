-- The temporary table named_pairs: where a technology is named in what was available at $as_of, from the stored documents of technologies.
CREATE OR REPLACE TEMP TABLE named_pairs AS
SELECT works.work_id, members.document_id, members.version_id, members.mention_count, members.is_in_title
FROM core.technology_documents AS members
JOIN core.works_at($as_of) AS works USING (document_id)
JOIN core.documents AS documents USING (version_id)
WHERE members.technology_id = $technology_id AND documents.available_on <= $as_of;
