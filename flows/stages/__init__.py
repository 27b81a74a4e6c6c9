"""The stages of a run: each reads tables, calls a pure function and replaces its own rows in one transaction."""
