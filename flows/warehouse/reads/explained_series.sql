-- Works per quarter and stream of the technology in the temporary table named_pairs, up to $as_of: the last quarter holds no day after it.
WITH dated AS (
    SELECT works.work_id, min(documents.available_on) AS first_on,
           arg_min(documents.kind, (documents.available_on, documents.document_id)) AS stream
    FROM core.works_at($as_of) AS works JOIN core.documents AS documents USING (document_id)
    WHERE works.work_id IN (SELECT work_id FROM named_pairs) AND documents.available_on <= $as_of
    GROUP BY works.work_id
)
SELECT date_trunc('quarter', first_on)::DATE AS quarter_on, stream, count(*)::INTEGER AS works
FROM dated GROUP BY ALL ORDER BY ALL;
