-- The documents that name one technology, the strongest first; new = available after the as-of compared with.
SELECT evidence_rank, document_id, title, url, kind, source, available_on, is_in_title, mention_count,
       coalesce(available_on > $previous, false) AS is_new
FROM marts.evidence
WHERE technology_id = $technology_id AND available_on <= $as_of AND ($stream IS NULL OR kind = $stream)
ORDER BY evidence_rank
LIMIT $rows OFFSET $skip
