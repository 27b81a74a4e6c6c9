-- Documents with all words in title or abstract: those with all of them in the title first, then the newest.
SELECT documents.document_id, documents.title, documents.url, documents.kind, documents.source, documents.available_on,
       len(list_filter($words::VARCHAR[], lambda word: NOT contains(lower(documents.title), word))) = 0 AS is_in_title
FROM core.searched_texts AS texts
JOIN marts.documents AS documents USING (document_id)
WHERE documents.state = 'live' AND ($stream IS NULL OR documents.kind = $stream)
  AND contains(texts.text, $words[1])
  AND len(list_filter($words::VARCHAR[], lambda word: NOT contains(texts.text, word))) = 0
ORDER BY is_in_title DESC, documents.available_on DESC NULLS LAST, documents.document_id
LIMIT $rows OFFSET $skip
