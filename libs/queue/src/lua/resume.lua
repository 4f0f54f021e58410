-- Resumes the queue.
--
-- KEYS   paused, audit
-- ARGV   id of the operation, actor, request id, note
-- Result nothing
-- Repeat Finds its own id among the newest audit records and does nothing: a pause in between stands.
-- First write: DEL, which a full Redis accepts.
local paused, audit = unpack(KEYS)
local operation, actor, request, note = unpack(ARGV)

if audit_id_of(audit, operation) then return end
redis.call('DEL', paused)
audit_record(audit, operation, 'resume', actor, request, note)
