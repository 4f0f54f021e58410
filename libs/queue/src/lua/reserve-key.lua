-- Reserves an idempotency key for one request, unless it has been used.
--
-- KEYS   the key, bytes of the answers stored in an hour
-- ARGV   fingerprint of the request, ms of the reservation, token of this attempt, most bytes of answers an hour
-- Result { 'reserved' }, { 'in_progress' }, { 'mismatch' }, { 'answered', answer as JSON },
--        { 'exhausted', ms until the next hour }, { 'unreadable', type of the key }
-- Repeat Finds its own token and answers `reserved` again.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local key, stored = unpack(KEYS)
local HOUR_MS = 3600000

local found = redis.call('TYPE', key).ok
if found ~= 'hash' and found ~= 'none' then return { 'unreadable', found } end
local fingerprint, answer, token = unpack(redis.call('HMGET', key, 'fingerprint', 'answer', 'token'))
if fingerprint and fingerprint ~= ARGV[1] then return { 'mismatch' } end
if answer then return { 'answered', answer } end
if token == ARGV[3] then return { 'reserved' } end
if fingerprint then return { 'in_progress' } end

local now = now_ms()
local hour, bytes = unpack(redis.call('HMGET', stored, 'hour', 'bytes'))
if tonumber(hour) == math.floor(now / HOUR_MS) and (tonumber(bytes) or 0) >= tonumber(ARGV[4]) then
  return { 'exhausted', HOUR_MS - now % HOUR_MS }
end
redis.call('HDEL', key, '')
redis.call('HSET', key, 'fingerprint', ARGV[1], 'token', ARGV[3])
redis.call('PEXPIRE', key, ARGV[2])
return { 'reserved' }
