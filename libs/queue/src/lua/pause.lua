-- Pauses the queue on every replica.
--
-- KEYS   paused, audit
-- ARGV   ms after which the pause ends by itself, or nothing; id of the operation, actor, request id, note
-- Result nothing
-- Repeat Finds its own id among the newest audit records and does nothing: a resume in between stands.
-- First write: DEL. A full Redis rejects a SET as the first write.
local paused, audit = unpack(KEYS)
local ttl, operation, actor, request, note = unpack(ARGV)

if audit_id_of(audit, operation) then return end
redis.call('DEL', paused)
if ttl == '' then
  redis.call('SET', paused, now_ms())
  audit_record(audit, operation, 'pause', actor, request, note)
else
  redis.call('SET', paused, now_ms(), 'PX', ttl)
  audit_record(audit, operation, 'pause', actor, request, note, 'ttl_ms', ttl)
end
