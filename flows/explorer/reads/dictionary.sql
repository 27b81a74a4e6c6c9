-- Every table and column that analysts may rely on, with its meaning.
SELECT columns.table_name AS relation, columns.column_name, columns.data_type, columns.comment AS meaning, views.comment AS relation_meaning
FROM duckdb_columns() AS columns
JOIN duckdb_views() AS views ON views.schema_name = columns.schema_name AND views.view_name = columns.table_name
  AND views.database_name = columns.database_name
WHERE columns.schema_name = 'marts' AND columns.comment IS NOT NULL
ORDER BY relation, columns.column_index
LIMIT $rows OFFSET $skip
