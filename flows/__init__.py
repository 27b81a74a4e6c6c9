"""See the README of this room."""
