-- The stream of the audit trail. A record starts with the id of its operation, by which a repeat finds it, and is
-- kept for 90 days.
local function audit_id_of(audit, operation_id)
  for _, record in ipairs(redis.call('XREVRANGE', audit, '+', '-', 'COUNT', 100)) do
    -- Fields and values in turn.
    if record[2][2] == operation_id then return record[1] end
  end
  return false
end

-- Further arguments are fields and values in turn. Returns the id of the record.
local function audit_record(audit, operation_id, operation, actor, request, note, ...)
  return redis.call('XADD', audit, 'MINID', '~', now_ms() - 90 * 86400000, '*',
    'operation_id', operation_id, 'operation', operation,
    'actor', actor, 'request_id', request, 'note', note, ...)
end
