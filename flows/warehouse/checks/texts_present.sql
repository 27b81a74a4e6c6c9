-- warn: A live document has no title.
SELECT document_id, version_id FROM core.documents WHERE state = 'live' AND trim(title) = ''
