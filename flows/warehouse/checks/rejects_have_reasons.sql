-- fail: A record was refused without a reason.
SELECT reject_id, source FROM raw.rejects WHERE trim(reason) = '' OR trim(detail) = ''
