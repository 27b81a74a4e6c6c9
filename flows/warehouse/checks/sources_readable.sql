-- warn: Most of what a source gave in its newest window could not be read: it may have changed its format.
SELECT source, from_on, to_on, document_count, reject_count
FROM (SELECT * FROM meta.windows QUALIFY row_number() OVER (PARTITION BY source ORDER BY to_on DESC, loaded_at DESC) = 1)
WHERE reject_count > document_count AND reject_count >= 5
