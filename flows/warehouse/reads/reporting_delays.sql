-- Documents available at $as_of by stream, whole months from publication to availability, and months from publication to $as_of.
-- Only publication days known to the day tell a delay.
WITH first_versions AS (
    SELECT document_id, arg_min(kind, available_on) AS stream, arg_min(published_on, available_on) AS published_on, min(available_on) AS available_on
    FROM core.documents WHERE date_precision = 'day' AND published_on IS NOT NULL AND available_on <= $as_of
    GROUP BY document_id
)
SELECT stream, floor((available_on - published_on) / 30.4375)::BIGINT AS delay, floor(($as_of::DATE - published_on) / 30.4375)::BIGINT AS month_limit,
       count(*) AS works
FROM first_versions WHERE published_on <= available_on
GROUP BY ALL ORDER BY ALL;
