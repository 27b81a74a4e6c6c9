"""Keeping what must be kept and forgetting what must not: backup, restore, takedown."""
