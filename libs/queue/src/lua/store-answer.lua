-- Stores the response of the request under its idempotency key.
--
-- KEYS   the key, bytes of the answers stored in an hour
-- ARGV   fingerprint of the request, answer as JSON, ms for which it is kept
-- Result nothing
-- Repeat Keeps the same again, and counts its bytes once more.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local key, stored = unpack(KEYS)

redis.call('HDEL', key, '')
local hour = math.floor(now_ms() / 3600000)
if tonumber(redis.call('HGET', stored, 'hour')) ~= hour then
  redis.call('HSET', stored, 'hour', hour, 'bytes', 0)
end
redis.call('HINCRBY', stored, 'bytes', #ARGV[2])
redis.call('HSET', key, 'fingerprint', ARGV[1], 'answer', ARGV[2])
redis.call('PEXPIRE', key, ARGV[3])
