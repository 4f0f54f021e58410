-- Ends a run and sets its TTL.
--
-- KEYS   running, run, results, digests of messages replayed
-- ARGV   id of the run, token, state, ms for which it can be looked at
-- Result nothing
-- Repeat The run is over already.
-- First write: DEL, which a full Redis accepts.
local running, run, results, replayed = unpack(KEYS)
local id, token, state, retention = unpack(ARGV)

if redis.call('HGET', run, 'owner') ~= token or redis.call('GET', running) ~= id then return end
redis.call('DEL', running)
redis.call('DEL', replayed)
redis.call('HSET', run, 'state', state, 'updated_at', now_ms())
redis.call('PEXPIRE', run, retention)
redis.call('PEXPIRE', results, retention)
