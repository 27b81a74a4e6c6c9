-- gate: More than a tenth of the documents that are published of a source are gone.
WITH held AS (SELECT source, count(DISTINCT document_id) AS document_count FROM core.documents GROUP BY source),
shown AS (SELECT source, count(DISTINCT document_id) AS document_count FROM published.core.documents GROUP BY source)
SELECT shown.source, shown.document_count AS published_count, coalesce(held.document_count, 0) AS held_count
FROM shown LEFT JOIN held USING (source)
WHERE shown.document_count >= 50 AND coalesce(held.document_count, 0) < 0.9 * shown.document_count
