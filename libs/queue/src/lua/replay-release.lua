-- Gives up the lease of a run: the next who asks adopts it.
--
-- KEYS   run
-- ARGV   token
-- Result nothing
-- Repeat The lease is over already.
-- First write: an HDEL of nothing. Redis refuses an HSET when it is out of memory, unless the script has written before.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return end
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'owner', '', 'lease_until', 0)
