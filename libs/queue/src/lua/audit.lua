-- The stream of the audit trail. A record starts with the id of its operation, by which a repeat finds it, and is
-- kept for 90 days, the newest hundred thousand of them.
local function audit_id_of(audit, operation_id)
  for _, record in ipairs(redis.call('XREVRANGE', audit, '+', '-', 'COUNT', 100)) do
    -- Fields and values in turn.
    if record[2][2] == operation_id then return record[1] end
  end
  return false
end

local MAX_RECORDS = 100000

-- Further arguments are fields and values in turn. Returns the id of the record.
local function audit_record(audit, operation_id, operation, actor, request, note, ...)
  local id = redis.call('XADD', audit, 'MINID', '~', now_ms() - 90 * 86400000, '*',
    'operation_id', operation_id, 'operation', operation,
    'actor', actor, 'request_id', request, 'note', note, ...)
  if redis.call('XLEN', audit) > MAX_RECORDS then redis.call('XTRIM', audit, 'MAXLEN', '~', MAX_RECORDS) end
  return id
end
