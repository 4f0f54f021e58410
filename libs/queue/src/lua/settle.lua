-- Ends leases: each message leaves processing and is, in the same script, where its settlement wants it.
--
-- KEYS   processing, leases, inflight, meta, stalls, fenced, main, delayed, dead letters
-- ARGV   for each settlement: lease, kind, value
--          ack          value unused
--          retry        value is the delay in ms; an attempt is spent
--          release      value unused; back to the head of the queue, in the order of the settlements
--          dead-letter  value is the entry
-- Result for each settlement `settled`, `already` or `fenced`
-- Repeat A lease that was settled is no longer in flight: nothing happens, and the answer is `already`; or `fenced` when
--        a sweep had taken it away, in which case its message belongs to another.
-- First write: LREM, which Redis runs when it is out of memory.
local processing, leases, inflight, meta, stalls, fenced, main, delayed, dead_letters = unpack(KEYS)

local ended, digests, forgotten, released = {}, {}, {}, {}

local settle = {}

function settle.ack(lease, bytes, digest)
  forgotten[#forgotten + 1] = digest
end

settle['dead-letter'] = function(lease, bytes, digest, entry)
  redis.call('LPUSH', dead_letters, entry)
  forgotten[#forgotten + 1] = digest
end

function settle.release(lease, bytes)
  released[#released + 1] = bytes
end

function settle.retry(lease, bytes, digest, delay)
  local counters = read_meta(redis.call('HGET', meta, digest))
  counters.attempts = counters.attempts + 1
  redis.call('HSET', meta, digest, write_meta(counters))
  redis.call('ZADD', delayed, now_ms() + tonumber(delay), lease .. '\n' .. bytes)
end

local named = {}
for i = 1, #ARGV, 3 do
  named[#named + 1] = ARGV[i]
end
local held = redis.call('HMGET', inflight, unpack(named))

local results, done = {}, {}
for i, lease in ipairs(named) do
  local bytes = held[i]
  if bytes and not done[lease] then
    -- The oldest message is at the right end: -1 finds it in microseconds, 1 would walk the list.
    redis.call('LREM', processing, -1, bytes)
    local digest = redis.sha1hex(bytes)
    settle[ARGV[3 * i - 1]](lease, bytes, digest, ARGV[3 * i])
    done[lease] = true
    ended[#ended + 1], digests[#digests + 1] = lease, digest
    results[i] = 'settled'
  else
    results[i] = redis.call('ZSCORE', fenced, lease) and 'fenced' or 'already'
  end
end

if #ended > 0 then
  redis.call('ZREM', leases, unpack(ended))
  redis.call('HDEL', inflight, unpack(ended))
  -- Whoever settles a message was not crashed by it.
  redis.call('HDEL', stalls, unpack(digests))
end
if #forgotten > 0 then redis.call('HDEL', meta, unpack(forgotten)) end
if #released > 0 then push_to_head(main, released) end
return results
