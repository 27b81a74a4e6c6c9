-- What each source yielded up to this snapshot, and what went wrong in its last window.
SELECT source, coalesce(kinds, []) AS kinds, document_count, live_document_count, capture_count, reject_count, first_on, last_on,
       covered_to_on, coalesce(is_last_window_complete, true) AS is_last_window_complete, coalesce(last_problems, []) AS problems
FROM marts.sources
ORDER BY document_count DESC, source
