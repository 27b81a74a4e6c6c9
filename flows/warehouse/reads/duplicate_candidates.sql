-- First versions of those documents in regrouped that share at least one key with another document, with the keys they share, and with the identifier keys
-- ($identifiers: their reasons) that later versions added, each with the day from which it was known.
WITH versions AS (
    SELECT document_id, version_id, available_on,
           row_number() OVER (PARTITION BY document_id ORDER BY coalesce(updated_on, available_on) NULLS FIRST, fetched_at, version_id) = 1 AS is_first
    FROM core.documents SEMI JOIN regrouped USING (document_id)
), own AS (
    SELECT keys.reason, keys.key, versions.document_id, versions.is_first, versions.available_on
    FROM core.duplicate_keys AS keys JOIN versions USING (version_id)
    WHERE keys.reason NOT IN ('self', 'retracts')
), met AS (
    -- Most keys have one holder: they go before anything else. Versions of one document are told apart from others below.
    SELECT reason, key FROM own GROUP BY reason, key HAVING count(*) > 1
), held AS (
    SELECT keys.document_id, keys.reason, keys.key, bool_or(keys.is_first) AS is_first, min(keys.available_on) AS known_on
    FROM own AS keys
    SEMI JOIN met USING (reason, key)
    WHERE keys.is_first OR list_contains($identifiers::VARCHAR[], keys.reason)
    GROUP BY ALL
), shared AS (
    SELECT reason, key FROM held GROUP BY reason, key HAVING count(*) > 1
), kept AS (
    SELECT held.document_id,
           list((held.reason, held.key) ORDER BY held.reason, held.key) FILTER (held.is_first) AS keys,
           list((held.known_on, held.reason, held.key) ORDER BY held.known_on, held.reason, held.key)
               FILTER (NOT held.is_first AND held.known_on IS NOT NULL) AS learned
    FROM held JOIN shared USING (reason, key)
    GROUP BY held.document_id
), people AS (
    SELECT actors.version_id, list(DISTINCT actors.name_key ORDER BY actors.name_key) AS names
    FROM core.actors AS actors
    WHERE actors.role IN ('author', 'inventor') AND actors.name_key <> ''
    GROUP BY actors.version_id
)
SELECT kept.document_id, documents.kind, documents.available_on, documents.title, documents.abstract,
       coalesce(kept.keys, []) AS keys, coalesce(kept.learned, []) AS learned, coalesce(people.names, []) AS people
FROM kept
JOIN versions ON versions.document_id = kept.document_id AND versions.is_first
JOIN core.documents AS documents ON documents.version_id = versions.version_id
LEFT JOIN people ON people.version_id = versions.version_id
ORDER BY kept.document_id;
