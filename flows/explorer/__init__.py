"""The web explorer: a reader's way around one published snapshot. It reads and never writes."""
