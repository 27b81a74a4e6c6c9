"""The commands behind `observatory`, grouped by who asks: running, asking, operating."""
