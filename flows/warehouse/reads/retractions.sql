-- Fill core.retractions: what notices take back (keys of nlp.identifiers), from the first day of the notice that says so; and what a retracted
-- or withdrawn record says of itself, where it says since when.
INSERT INTO core.retractions (notice_document_id, document_id, retracted_on, run_id)
WITH notices AS (
    SELECT documents.document_id AS notice_id, keys.key, min(documents.available_on) AS said_on
    FROM core.duplicate_keys AS keys JOIN core.documents AS documents USING (version_id)
    WHERE keys.reason = 'retracts' AND documents.available_on IS NOT NULL
    GROUP BY ALL
), named AS (
    SELECT DISTINCT keys.key, documents.document_id
    FROM core.duplicate_keys AS keys JOIN core.documents AS documents USING (version_id)
    WHERE keys.reason = 'relation' AND keys.key IN (SELECT key FROM notices)
), taken_back AS (
    SELECT notices.notice_id, named.document_id, notices.said_on
    FROM notices LEFT JOIN named ON named.key = notices.key AND named.document_id <> notices.notice_id
), told AS (
    SELECT document_id, unnest(from_json(extras -> '$.relations', '[{"relation": "VARCHAR", "on": "VARCHAR"}]')) AS relation
    FROM core.documents
    WHERE state IN ('retracted', 'withdrawn') AND json_type(extras, '$.relations') = 'ARRAY'
), dated AS (
    SELECT document_id, min(TRY_CAST(relation."on" AS DATE)) AS said_on
    FROM told
    WHERE relation.relation IN ('is-retracted-by', 'is-retracted-and-republished-in', 'is-withdrawn-by')
    GROUP BY document_id
)
SELECT notice_id, document_id, min(said_on), $run_id
FROM (FROM taken_back UNION ALL SELECT document_id, document_id, said_on FROM dated WHERE said_on IS NOT NULL)
GROUP BY ALL;
