-- gate: More than a fifth of a source's new documents are dated before 1900 or more than a year ahead.
SELECT source, count(*) AS document_count, count(*) FILTER (published_on < DATE '1900-01-01' OR published_on > $run_on + 366) AS odd_count
FROM core.documents AS documents
WHERE NOT EXISTS (SELECT 1 FROM published.core.documents AS shown WHERE shown.version_id = documents.version_id)
GROUP BY source
HAVING document_count >= 30 AND odd_count > 0.2 * document_count
