-- Takes over a replay run whose lease expired. One that ends further ahead than twice its duration is from before the
-- clock of Redis went back, and counts as expired, as does one whose end is malformed. Frees the place of a run that was
-- deleted, so that another one may start.
--
-- KEYS   running, run
-- ARGV   id of the run, token of the new lease, ms of the lease
-- Result fields and values of the run; false when it is over or another replica has its lease
-- Repeat Finds its own token in the run and answers as before.
-- First write: DEL, or an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local running, run = unpack(KEYS)
local id, token, lease_ms = unpack(ARGV)

if redis.call('GET', running) ~= id then return false end
local owner, lease_until = unpack(redis.call('HMGET', run, 'owner', 'lease_until'))
if not owner then
  redis.call('DEL', running)
  return false
end
local now = now_ms()
if owner ~= token then
  local left = (tonumber(lease_until or '') or 0) - now
  if left > 0 and left <= 2 * lease_ms then return false end
  redis.call('HDEL', run, '')
  redis.call('HSET', run, 'owner', token, 'lease_until', now + lease_ms)
  redis.call('HINCRBY', run, 'resumptions', 1)
end
return redis.call('HGETALL', run)
