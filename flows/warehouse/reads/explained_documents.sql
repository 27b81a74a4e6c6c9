-- The strongest documents of the technology in the temporary table named_pairs, in the version of $as_of.
SELECT documents.title, documents.url, documents.source, documents.kind, documents.available_on, documents.document_id
FROM named_pairs AS pairs JOIN core.documents AS documents USING (version_id)
WHERE documents.available_on <= $as_of
ORDER BY pairs.is_in_title DESC, pairs.mention_count DESC, documents.available_on DESC, documents.document_id
LIMIT 5;
