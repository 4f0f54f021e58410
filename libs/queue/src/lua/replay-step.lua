-- Executes and records one step of a run: entries that stay, and at most one message to requeue.
--
-- KEYS   run, results, digests of messages replayed, dead letters, main, meta, stalls, audit
-- ARGV   token, ms of the lease, steps before this one, position after it, entries passed that were not selected, most
--        results kept; element or nothing, bytes of the message, replays this one included, id of the entry, its ids as
--        JSON; id of the run, actor, request id; then, for each selected entry that stays, outcome and ids as JSON
-- Result `taken`, `replayed`, `gone`: recorded. `fenced`, `cancelled`, `repeated` or a number, the ms until the next push
--        is allowed: nothing was done.
-- Repeat A step is numbered: the same one again answers as before.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local run, results, replayed, dead_letters, main, meta, stalls, audit = unpack(KEYS)
local token, lease_ms, steps, position, unselected, most_results, element, message, replays, entry, ids, id, actor, request =
  unpack(ARGV)
local FIRST_STAYED = 15

local now = now_ms()
local owner, taken, last, cancelling, next_push, interval =
  unpack(redis.call('HMGET', run, 'owner', 'steps', 'last', 'cancelling', 'next_push', 'interval'))
if owner ~= token then return 'fenced' end
if tonumber(taken or 0) == steps + 1 then return last end
if cancelling then return 'cancelled' end

local outcome, digest = 'taken', nil
if element ~= '' then
  digest = redis.sha1hex(message)
  if redis.call('SISMEMBER', replayed, digest) == 1 then return 'repeated' end
  if next_push and tonumber(next_push) > now then return next_push - now end
end
redis.call('HDEL', run, '')
if element ~= '' then
  outcome = requeue(dead_letters, main, meta, stalls, element, message, replays) and 'replayed' or 'gone'
end

local function record(what, of)
  redis.call('HINCRBY', run, what, 1)
  if redis.call('LLEN', results) < tonumber(most_results) then redis.call('RPUSH', results, what .. ' ' .. of) end
end

local examined = tonumber(unselected)
for i = FIRST_STAYED, #ARGV, 2 do
  record(ARGV[i], ARGV[i + 1])
  examined = examined + 1
end
if element ~= '' then
  record(outcome, ids)
  examined = examined + 1
end
if outcome == 'replayed' then
  redis.call('SADD', replayed, digest)
  -- The record of the start has the note.
  audit_record(audit, token .. ':' .. steps, 'replay', actor, request, '', 'entry_id', entry, 'replay_id', id)
  redis.call('HSET', run, 'next_push', now + interval)
end
redis.call('HINCRBY', run, 'examined', examined)
redis.call('HSET', run, 'position', position, 'steps', steps + 1, 'last', outcome,
  'lease_until', now + lease_ms, 'updated_at', now)
return outcome
