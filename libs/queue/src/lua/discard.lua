-- Removes one dead letter and keeps its bytes in the audit record.
--
-- KEYS   dead letters, audit
-- ARGV   the element exactly as it stands in the list, id of the operation, id of the entry, actor, request id, note
-- Result id of the audit record; false when the element is not in the list
-- Repeat Finds its own id among the newest audit records and answers as before.
-- First write: an XDEL of a missing record. A full Redis rejects an XADD as the first write.
local dead_letters, audit = unpack(KEYS)
local element, operation, entry, actor, request, note = unpack(ARGV)

redis.call('XDEL', audit, '0-1')
-- The record keeps the bytes: it is written before the entry is removed.
local id = audit_record(audit, operation, 'discard', actor, request, note, 'entry_id', entry, 'element', element)
if redis.call('LREM', dead_letters, -1, element) > 0 then return id end
redis.call('XDEL', audit, id)
return audit_id_of(audit, operation)
