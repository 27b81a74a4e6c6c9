-- warn: A version ends before it begins, or a document was available before it was published.
SELECT document_id, published_on, available_on, superseded_on
FROM core.documents
WHERE superseded_on < available_on
   OR (date_precision = 'day' AND version_id IN (
        SELECT arg_min(version_id, available_on) FROM core.documents GROUP BY document_id
      ) AND available_on < published_on)
