-- Starts a replay run, unless another run is active.
--
-- KEYS   running, run, dead letters, audit
-- ARGV   id of the run, the order as JSON, token of the lease, ms of the lease, ms between two pushes, actor, request id, note
-- Result { 'started', fields and values of the run }; { 'known' } when the run was there before; { 'busy', id of another }
-- Repeat Finds its own token in the run and answers `started` again.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local running, run, dead_letters, audit = unpack(KEYS)
local id, order, token, lease_ms, interval, actor, request, note = unpack(ARGV)

if redis.call('EXISTS', run) == 1 then
  if redis.call('HGET', run, 'owner') ~= token then return { 'known' } end
  return { 'started', redis.call('HGETALL', run) }
end
local other = redis.call('GET', running)
if other then return { 'busy', other } end

local now = now_ms()
redis.call('HDEL', run, '')
redis.call('SET', running, id)
redis.call('HSET', run, 'order', order, 'state', 'running', 'owner', token, 'lease_until', now + lease_ms,
  'interval', interval, 'total', redis.call('LLEN', dead_letters), 'started_at', now, 'updated_at', now)
audit_record(audit, id, 'replay_start', actor, request, note, 'replay_id', id)
return { 'started', redis.call('HGETALL', run) }
