-- warn: A source answered its newest window with nothing at all, no document and no reject (304, unchanged, is no such answer).
SELECT source, from_on, to_on
FROM (SELECT * FROM meta.windows QUALIFY row_number() OVER (PARTITION BY source ORDER BY to_on DESC, loaded_at DESC) = 1)
WHERE is_complete AND capture_count > 0 AND document_count = 0 AND reject_count = 0
