"""One spider a source: it fetches and lands, and reads only what paging needs."""
