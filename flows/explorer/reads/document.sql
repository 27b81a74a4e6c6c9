-- One document: its current version.
SELECT documents.document_id, documents.work_id, documents.source, documents.source_id, documents.kind, documents.title, texts.abstract,
       documents.lang, documents.published_on, documents.date_precision, documents.available_on, documents.updated_on, documents.state,
       documents.tracks, documents.topic_id, topics.label AS topic_label, documents.url, documents.licence, texts.identifiers, texts.extras,
       documents.version_count, documents.is_simulated
FROM marts.documents AS documents
JOIN core.documents AS texts USING (version_id)
LEFT JOIN core.topics AS topics USING (topic_id)
WHERE documents.document_id = $document_id AND texts.document_id = $document_id
