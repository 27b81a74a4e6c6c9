-- warn: A document is dated after the day of the run; it counts nowhere before that day.
SELECT document_id, available_on FROM core.documents WHERE available_on > $run_on
