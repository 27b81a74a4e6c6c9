"""The DuckDB warehouse: one writer's file, numbered migrations, views for analysts, checks, snapshots."""
