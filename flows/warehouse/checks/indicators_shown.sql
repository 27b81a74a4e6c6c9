-- warn: An indicator is computed that marts.emergence has no column for.
SELECT DISTINCT indicator
FROM signals.indicators
WHERE indicator NOT IN (
    SELECT column_name FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = 'marts' AND table_name = 'emergence'
)
