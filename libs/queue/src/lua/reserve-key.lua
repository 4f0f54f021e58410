-- Reserves an idempotency key for one request, unless it has been used.
--
-- KEYS   the key
-- ARGV   fingerprint of the request, ms of the reservation, token of this attempt
-- Result { 'reserved' }, { 'in_progress' }, { 'mismatch' }, { 'answered', answer as JSON }
-- Repeat Finds its own token and answers `reserved` again.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local key = KEYS[1]
local fingerprint, answer, token = unpack(redis.call('HMGET', key, 'fingerprint', 'answer', 'token'))
if fingerprint and fingerprint ~= ARGV[1] then return { 'mismatch' } end
if answer then return { 'answered', answer } end
if token == ARGV[3] then return { 'reserved' } end
if fingerprint then return { 'in_progress' } end
redis.call('HDEL', key, '')
redis.call('HSET', key, 'fingerprint', ARGV[1], 'token', ARGV[3])
redis.call('PEXPIRE', key, ARGV[2])
return { 'reserved' }
