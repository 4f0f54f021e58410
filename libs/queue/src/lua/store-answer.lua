-- Stores the response of the request under its idempotency key.
--
-- KEYS   the key
-- ARGV   fingerprint of the request, answer as JSON, ms for which it is kept
-- Result nothing
-- Repeat Keeps the same again.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'answer', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
