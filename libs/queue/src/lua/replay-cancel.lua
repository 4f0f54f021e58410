-- Requests the end of a run before its next entry.
--
-- KEYS   run, audit
-- ARGV   id of the run, id of the operation, actor, request id, note
-- Result `cancelling`; `ended` when it is over; `unknown`
-- Repeat The run is asked already: `cancelling` again, and no second audit record.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local run, audit = unpack(KEYS)
local id, operation, actor, request, note = unpack(ARGV)

local state, cancelling = unpack(redis.call('HMGET', run, 'state', 'cancelling'))
if not state then return 'unknown' end
if state ~= 'running' then return 'ended' end
if cancelling then return 'cancelling' end
redis.call('HDEL', run, '')
redis.call('HSET', run, 'cancelling', 1)
audit_record(audit, operation, 'replay_cancel', actor, request, note, 'replay_id', id)
return 'cancelling'
