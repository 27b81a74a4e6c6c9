-- Fill signals.timeline: works per technology, quarter and stream up to $as_of, beside all works of that stream in that quarter.
INSERT INTO signals.timeline (technology_id, quarter_on, stream, works, stream_works, run_id)
WITH dated AS (
    SELECT counted.work_id, min(documents.available_on) AS first_on,
           arg_min(documents.kind, (documents.available_on, documents.document_id)) AS stream
    FROM core.versions_at($as_of) AS counted JOIN core.documents AS documents USING (document_id)
    GROUP BY counted.work_id
), totals AS (
    SELECT date_trunc('quarter', first_on)::DATE AS quarter_on, stream, count(*) AS stream_works FROM dated GROUP BY ALL
), counts AS (
    SELECT members.technology_id, date_trunc('quarter', dated.first_on)::DATE AS quarter_on, dated.stream, count(DISTINCT works.work_id) AS works
    FROM core.technology_documents AS members
    JOIN core.works_at($as_of) AS works USING (document_id)
    JOIN dated USING (work_id)
    GROUP BY ALL
)
SELECT technology_id, quarter_on, stream, works, stream_works, $run_id
FROM counts JOIN totals USING (quarter_on, stream);
