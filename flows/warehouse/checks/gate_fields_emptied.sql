-- gate: A field that a source's published documents have is missing in most of its new ones.
WITH fields AS (
    SELECT source, 'fresh' AS part, title, abstract, published_on FROM core.documents AS documents
    WHERE state = 'live' AND NOT EXISTS (SELECT 1 FROM published.core.documents AS shown WHERE shown.version_id = documents.version_id)
    -- What is published is read here and not in the published file: texts that may not be passed on are empty there.
    UNION ALL SELECT source, 'shown', title, abstract, published_on FROM core.documents AS documents
    WHERE state = 'live' AND EXISTS (SELECT 1 FROM published.core.documents AS shown WHERE shown.version_id = documents.version_id)
),
filled AS (
    SELECT source, part, count(*) AS document_count,
        unnest(['title', 'abstract', 'published_on']) AS field,
        unnest([avg((trim(title) <> '')::INTEGER), avg((trim(coalesce(abstract, '')) <> '')::INTEGER), avg((published_on IS NOT NULL)::INTEGER)]) AS share
    FROM fields GROUP BY source, part
)
SELECT fresh.source, fresh.field, round(shown.share, 2) AS published_share, round(fresh.share, 2) AS new_share, fresh.document_count
FROM filled AS fresh JOIN filled AS shown USING (source, field)
WHERE fresh.part = 'fresh' AND shown.part = 'shown' AND fresh.document_count >= 30 AND shown.document_count >= 30
  AND shown.share >= 0.8 AND fresh.share < 0.3
