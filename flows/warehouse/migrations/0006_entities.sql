-- The country that a text states for an organisation it names.
ALTER TABLE core.entity_mentions ADD COLUMN country VARCHAR;
COMMENT ON COLUMN core.entity_mentions.country IS 'ISO 3166 alpha-2 code of the country of an organisation or region; NULL where the text states none.';
