-- Fill regrouped: the documents whose grouping may have changed since it was last done. These are new or changed ones, those of a group that lost
-- one, the pairs newly kept apart or no longer ($apart), what shares a key with any of them, and all that is in one group with one of these.
CREATE OR REPLACE TEMP TABLE regrouped AS
WITH ordered AS (
    SELECT document_id, version_id, available_on,
           row_number() OVER (PARTITION BY document_id ORDER BY coalesce(updated_on, available_on) NULLS FIRST, fetched_at, version_id) AS place
    FROM core.documents
), held AS (
    SELECT document_id, sum(hash(version_id, available_on, place)::HUGEINT) AS versions_digest FROM ordered GROUP BY document_id
), torn AS (
    SELECT group_id FROM core.duplicate_groups GROUP BY group_id HAVING count(*) < any_value(group_size)
), seeds AS (
    SELECT held.document_id FROM held LEFT JOIN core.duplicate_groups AS known USING (document_id)
    WHERE known.versions_digest IS DISTINCT FROM held.versions_digest
    UNION
    SELECT document_id FROM core.duplicate_groups WHERE group_id IN (FROM torn)
    UNION
    SELECT unnest($apart::VARCHAR[])
), met AS (
    SELECT DISTINCT keys.reason, keys.key
    FROM core.duplicate_keys AS keys
    SEMI JOIN (SELECT version_id FROM core.documents SEMI JOIN seeds USING (document_id)) AS versions USING (version_id)
    WHERE keys.reason NOT IN ('self', 'retracts')
), near AS (
    SELECT document_id FROM seeds
    UNION
    SELECT documents.document_id
    FROM core.duplicate_keys AS keys SEMI JOIN met USING (reason, key) JOIN core.documents AS documents USING (version_id)
), whole AS (
    SELECT document_id FROM near
    UNION
    SELECT document_id FROM core.duplicate_groups
    WHERE group_id IN (SELECT group_id FROM core.duplicate_groups SEMI JOIN near USING (document_id))
)
SELECT held.document_id, held.versions_digest FROM held SEMI JOIN whole USING (document_id);
