-- The windows a run loaded, with what the source gave a day in the week before, its median; NULL before there was a week.
SELECT
    tonight.source, tonight.from_on, tonight.to_on, tonight.is_complete, tonight.capture_count, tonight.document_count, tonight.reject_count,
    tonight.document_count / (date_diff('day', tonight.from_on, tonight.to_on) + 1) AS documents_a_day,
    (
        SELECT median(before.document_count / (date_diff('day', before.from_on, before.to_on) + 1))
        FROM meta.windows AS before
        WHERE before.source = tonight.source AND before.is_complete AND before.to_on < tonight.to_on
          AND before.to_on >= tonight.to_on - INTERVAL 7 DAY
    ) AS usual_a_day,
    tonight.problems
FROM meta.windows AS tonight
WHERE tonight.run_id = $run_id
ORDER BY tonight.source, tonight.from_on
