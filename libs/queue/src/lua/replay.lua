-- Moves the message of one dead letter back to the queue, where a producer would put it, and writes the audit record.
-- The message starts over: no attempt spent, no stall.
--
-- KEYS   dead letters, main, meta, stalls, audit
-- ARGV   the element exactly as it stands in the list, bytes of the message, replays this one included, id of the
--        operation, id of the entry, actor, request id, note
-- Result `replayed`; `gone` when the element is not in the list
-- Repeat Finds its own id among the newest audit records and answers `replayed` again.
-- First write: LREM, which Redis runs when it is out of memory.
local dead_letters, main, meta, stalls, audit = unpack(KEYS)
local element, message, replays, operation, entry, actor, request, note = unpack(ARGV)

local function done_before()
  for _, record in ipairs(redis.call('XREVRANGE', audit, '+', '-', 'COUNT', 100)) do
    -- Fields and values in turn; the operation's id is the first of them.
    if record[2][2] == operation then return true end
  end
  return false
end

if redis.call('LREM', dead_letters, -1, element) == 0 then
  return done_before() and 'replayed' or 'gone'
end

local digest = redis.sha1hex(message)
local counters = read_meta(redis.call('HGET', meta, digest))
counters.attempts = 0
counters.replays = math.max(counters.replays + 1, tonumber(replays))
redis.call('HSET', meta, digest, write_meta(counters))
redis.call('HDEL', stalls, digest)
redis.call('LPUSH', main, message)
redis.call('XADD', audit, 'MAXLEN', '~', 100000, '*',
  'operation_id', operation, 'operation', 'replay', 'entry_id', entry,
  'actor', actor, 'request_id', request, 'note', note)
return 'replayed'
