-- At most three documents a technology, of different works and, where there are any, of different streams. A new document that
-- names the technology in its title comes before an older one.
WITH known AS (
    SELECT technology_id, title, url, source, kind, available_on, evidence_rank,
           coalesce(available_on > $previous, false) AS is_new,
           coalesce(available_on > $previous AND is_in_title, false) AS is_news
    FROM marts.evidence
    WHERE list_contains($technology_ids::VARCHAR[], technology_id) AND available_on <= $as_of
    QUALIFY row_number() OVER (PARTITION BY technology_id, coalesce(work_id, document_id) ORDER BY evidence_rank, document_id) = 1
), turns AS (
    SELECT known.*, row_number() OVER (PARTITION BY technology_id, kind ORDER BY is_news DESC, evidence_rank) AS turn FROM known
)
SELECT technology_id, title, url, source, kind, available_on, is_new
FROM turns
QUALIFY row_number() OVER (PARTITION BY technology_id ORDER BY turn, is_news DESC, evidence_rank) <= 3
ORDER BY technology_id, row_number() OVER (PARTITION BY technology_id ORDER BY turn, is_news DESC, evidence_rank)
