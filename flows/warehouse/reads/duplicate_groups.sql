-- Remember of the documents in regrouped in which group they are ($documents, $groups: those that share a key; every other stands alone).
INSERT INTO core.duplicate_groups (document_id, group_id, group_size, versions_digest, run_id)
WITH shared AS (
    SELECT unnest($documents::VARCHAR[]) AS document_id, unnest($groups::VARCHAR[]) AS group_id
), placed AS (
    SELECT regrouped.document_id, coalesce(shared.group_id, regrouped.document_id) AS group_id, regrouped.versions_digest
    FROM regrouped LEFT JOIN shared USING (document_id)
)
SELECT document_id, group_id, count(*) OVER (PARTITION BY group_id), versions_digest, $run_id FROM placed;
