-- key: document_id, position
CREATE OR REPLACE VIEW marts.document_actors AS
SELECT documents.document_id, documents.work_id, actors.position, actors.role, actors.name, actors.name_key, actors.country,
       documents.kind, documents.available_on
FROM core.actors AS actors
JOIN core.current_documents AS documents USING (version_id)
UNION ALL
-- An organisation that the text names and the record does not: all that news has, and the partners of papers and patents.
SELECT documents.document_id, documents.work_id, (-row_number() OVER (PARTITION BY mentions.version_id ORDER BY mentions.name_key))::INTEGER,
       'mentioned', mentions.surface, mentions.name_key, mentions.country, documents.kind, documents.available_on
FROM core.entity_mentions AS mentions
JOIN core.current_documents AS documents USING (version_id)
WHERE mentions.entity_type = 'organisation'
  AND NOT EXISTS (SELECT 1 FROM core.actors AS actors WHERE actors.version_id = mentions.version_id AND actors.name_key = mentions.name_key);

COMMENT ON VIEW marts.document_actors IS 'One row per live document and actor it names.';
COMMENT ON COLUMN marts.document_actors.document_id IS 'The document.';
COMMENT ON COLUMN marts.document_actors.work_id IS 'Its work.';
COMMENT ON COLUMN marts.document_actors.position IS 'Place in the record, from 0; below 0: named in the text only.';
COMMENT ON COLUMN marts.document_actors.role IS 'author, inventor, assignee, organisation, or mentioned: named in the text only.';
COMMENT ON COLUMN marts.document_actors.name IS 'Name as written.';
COMMENT ON COLUMN marts.document_actors.name_key IS 'Normalised name, the key of marts.actors; empty when nothing remains.';
COMMENT ON COLUMN marts.document_actors.country IS 'ISO 3166 alpha-2 where the record or the text states one.';
COMMENT ON COLUMN marts.document_actors.kind IS 'Stream of the document: paper, patent, news or grant.';
COMMENT ON COLUMN marts.document_actors.available_on IS 'First day the public could know the document.';
