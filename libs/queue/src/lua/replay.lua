-- Moves the message of one dead letter back to the queue and writes the audit record.
--
-- KEYS   dead letters, main, meta, stalls, audit
-- ARGV   the element exactly as it stands in the list, bytes of the message, replays this one included, id of the
--        operation, id of the entry, actor, request id, note
-- Result `replayed`; `gone` when the element is not in the list
-- Repeat Finds its own id among the newest audit records and answers `replayed` again.
-- First write: an HDEL of a missing field. A full Redis rejects an LPUSH as the first write.
local dead_letters, main, meta, stalls, audit = unpack(KEYS)
local element, message, replays, operation, entry, actor, request, note = unpack(ARGV)

redis.call('HDEL', stalls, '')
if not requeue(dead_letters, main, meta, stalls, element, message, replays) then
  return audit_id_of(audit, operation) and 'replayed' or 'gone'
end
audit_record(audit, operation, 'replay', actor, request, note, 'entry_id', entry)
return 'replayed'
