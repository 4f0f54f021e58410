-- Keeps the answer to the request that an idempotency key was used for.
--
-- KEYS   the key
-- ARGV   fingerprint of the request, answer as JSON, ms for which it is kept
-- Result nothing
-- Repeat Keeps the same again.
-- First write: an HDEL of nothing. Redis refuses an HSET when it is out of memory, unless the script has written before.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'answer', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
