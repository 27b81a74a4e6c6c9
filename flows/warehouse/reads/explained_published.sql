-- Works per quarter of publication and stream of the technology in the temporary table named_pairs, for those published by $as_of;
-- the last quarter holds no day after it.
WITH published AS (
    SELECT pairs.work_id, min(documents.published_on) AS published_on, arg_min(documents.kind, (documents.available_on, documents.document_id)) AS stream
    FROM named_pairs AS pairs JOIN core.documents AS documents USING (version_id)
    WHERE documents.published_on <= $as_of
    GROUP BY pairs.work_id
)
SELECT date_trunc('quarter', published_on)::DATE AS quarter_on, stream, count(*)::INTEGER AS works
FROM published GROUP BY ALL ORDER BY ALL;
