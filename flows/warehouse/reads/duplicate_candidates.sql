-- First versions of the documents that share at least one key with another document, with the keys they share.
WITH first_versions AS (
    SELECT document_id, kind, available_on, title, abstract, version_id
    FROM core.documents
    QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY coalesce(updated_on, available_on) NULLS FIRST, fetched_at, version_id) = 1
), held AS (
    SELECT DISTINCT first_versions.document_id, keys.reason, keys.key
    FROM core.duplicate_keys AS keys JOIN first_versions USING (version_id)
    WHERE keys.reason <> 'self'
), shared AS (
    SELECT reason, key FROM held GROUP BY reason, key HAVING count(*) > 1
), kept AS (
    SELECT held.document_id, list((held.reason, held.key) ORDER BY held.reason, held.key) AS keys
    FROM held JOIN shared USING (reason, key)
    GROUP BY held.document_id
)
SELECT document_id, kind, available_on, title, abstract, keys
FROM kept JOIN first_versions USING (document_id)
ORDER BY document_id;
