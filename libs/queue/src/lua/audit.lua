-- The stream of the audit trail. A record starts with the id of its operation, by which a repeat finds it. Its field
-- `written` is the sum of the bytes of notes and discarded entries up to this record: the difference of two records is
-- what was written between them.
local function audit_id_of(audit, operation_id)
  for _, record in ipairs(redis.call('XREVRANGE', audit, '+', '-', 'COUNT', 100)) do
    -- Fields and values in turn.
    if record[2][2] == operation_id then return record[1] end
  end
  return false
end

local MAX_RECORDS, MAX_BYTES, MAX_AGE_MS = 100000, 256 * 1024 * 1024, 90 * 86400000
-- Bounds the work of one operation when many records are too old.
local MAX_REMOVED = 100

-- Records of earlier versions count as none.
local function audit_written(record)
  for i = 1, record and #record[2] or 0, 2 do
    if record[2][i] == 'written' then return tonumber(record[2][i + 1]) or 0 end
  end
  return 0
end

-- Removes the oldest records while there are too many, too old ones or too many bytes.
local function audit_trim(audit, now, written)
  for _ = 1, MAX_REMOVED do
    local oldest = redis.call('XRANGE', audit, '-', '+', 'COUNT', 1)[1]
    if not oldest then return end
    local is_recent = tonumber(string.match(oldest[1], '^%d+')) > now - MAX_AGE_MS
    local fits = redis.call('XLEN', audit) < MAX_RECORDS and written - audit_written(oldest) <= MAX_BYTES
    if is_recent and fits then return end
    redis.call('XDEL', audit, oldest[1])
  end
end

-- Further arguments are fields and values in turn. Returns the id of the record.
local function audit_record(audit, operation_id, operation, actor, request, note, ...)
  local bytes, more = #note, { ... }
  for i = 1, #more, 2 do
    if more[i] == 'element' then bytes = bytes + #more[i + 1] end
  end
  local newest = redis.call('XREVRANGE', audit, '+', '-', 'COUNT', 1)[1]
  local written = audit_written(newest) + bytes
  audit_trim(audit, now_ms(), written)
  return redis.call('XADD', audit, '*',
    'operation_id', operation_id, 'operation', operation,
    'actor', actor, 'request_id', request, 'note', note, 'written', string.format('%.0f', written), ...)
end
