-- question: Which works were told in the most documents and streams?
SELECT title, kinds, sources, document_count, available_on, reasons
FROM marts.works
WHERE document_count > 1
ORDER BY document_count DESC, available_on, title
LIMIT 30;
