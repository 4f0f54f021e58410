-- Releases the lease of a run for a takeover.
--
-- KEYS   run
-- ARGV   token
-- Result nothing
-- Repeat The lease is over already.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return end
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'owner', '', 'lease_until', 0)
