-- Restores a discarded dead letter once, as the newest entry.
--
-- KEYS   dead letters, audit, restored
-- ARGV   id of the audit record of the discarding, id of the operation, actor, request id, note
-- Result `restored`, `already_restored`; `unknown` when there is no such record or it holds no entry
-- Repeat Finds its own id beside that of the record and answers `restored` again.
-- First write: an HDEL of a missing field. A full Redis rejects an LPUSH as the first write.
local dead_letters, audit, restored = unpack(KEYS)
local record_id, operation, actor, request, note = unpack(ARGV)

local by = redis.call('HGET', restored, record_id)
if by then return by == operation and 'restored' or 'already_restored' end

local record = redis.call('XRANGE', audit, record_id, record_id)[1]
local fields = {}
for i = 1, record and #record[2] or 0, 2 do
  fields[record[2][i]] = record[2][i + 1]
end
if not fields.element then return 'unknown' end

redis.call('HDEL', restored, '')
redis.call('LPUSH', dead_letters, fields.element)
redis.call('HSET', restored, record_id, operation)
audit_record(audit, operation, 'restore', actor, request, note, 'entry_id', fields.entry_id, 'audit_id', record_id)
return 'restored'
