-- Settles leases: moves each message out of processing to the place of its settlement.
--
-- KEYS   processing, leases, inflight, meta, stalls, fenced, main, delayed, dead letters
-- ARGV   for neighbours that are settled alike: kind, value, how many, lease, lease, …
--          ack          value unused
--          retry        value is the delay in ms; an attempt is spent
--          delay        value is the delay in ms; no attempt is spent
--          release      value unused; back to the head of the queue, in the order of the settlements
--          dead-letter  value is the entry
-- Result one letter for each settlement: s(ettled), a(lready) or f(enced)
-- Repeat A lease that was settled is no longer in flight: nothing happens, and the answer is `already`; or `fenced` when
--        a sweep had taken it away, in which case its message belongs to another.
-- First write: a ZREM of a missing member, which a full Redis accepts.
-- Order  A message is put where it goes before it is removed from processing. A key of another type is found before that:
--        Redis does not roll back, and each repeat would put the message once more.
local processing, leases, inflight, meta, stalls, fenced, main, delayed, dead_letters = unpack(KEYS)

local ended, contents, forgotten, attempted, unstalled, released = {}, {}, {}, {}, {}, {}

local put = {}

function put.ack(lease, bytes, digest)
  forgotten[#forgotten + 1] = digest
end

put['dead-letter'] = function(lease, bytes, digest, entry)
  redis.call('LPUSH', dead_letters, entry)
  forgotten[#forgotten + 1] = digest
end

function put.release(lease, bytes)
  released[#released + 1] = bytes
end

function put.delay(lease, bytes, digest, delay)
  redis.call('ZADD', delayed, now_ms() + tonumber(delay), lease .. '\n' .. bytes)
end

function put.retry(lease, bytes, digest, delay)
  put.delay(lease, bytes, digest, delay)
  attempted[#attempted + 1] = digest
end

local results, done = {}, {}

local function settle_alike(kind, value, first, last)
  local held = redis.call('HMGET', inflight, unpack(ARGV, first, last))
  for i = first, last do
    local lease, bytes = ARGV[i], held[i - first + 1]
    if bytes and not done[lease] then
      local digest = lease_digest(lease)
      put[kind](lease, bytes, digest, value)
      done[lease] = true
      ended[#ended + 1], contents[#contents + 1] = lease, bytes
      -- A message that was released may never have been tried.
      if kind ~= 'release' then unstalled[#unstalled + 1] = digest end
      results[#results + 1] = 's'
    else
      results[#results + 1] = redis.call('ZSCORE', fenced, lease) and 'f' or 'a'
    end
  end
end

for _, list in ipairs({ processing, main, dead_letters }) do redis.call('LLEN', list) end
for _, hash in ipairs({ inflight, meta, stalls }) do redis.call('HLEN', hash) end
for _, set in ipairs({ leases, fenced, delayed }) do redis.call('ZCARD', set) end
redis.call('ZREM', leases, '')
local at = 1
while at <= #ARGV do
  local first, count = at + 3, tonumber(ARGV[at + 2])
  settle_alike(ARGV[at], ARGV[at + 1], first, first + count - 1)
  at = first + count
end
if #ended == 0 then return table.concat(results) end

if #released > 0 then push_to_head(main, released) end
for _, bytes in ipairs(contents) do
  -- The oldest message is at the right end: -1 finds it in microseconds, 1 would walk the list.
  redis.call('LREM', processing, -1, bytes)
end
redis.call('ZREM', leases, unpack(ended))
redis.call('HDEL', inflight, unpack(ended))
for _, digest in ipairs(attempted) do
  local counters = read_meta(redis.call('HGET', meta, digest))
  counters.attempts = counters.attempts + 1
  redis.call('HSET', meta, digest, write_meta(counters))
end
-- These messages did not crash their process.
if #unstalled > 0 then redis.call('HDEL', stalls, unpack(unstalled)) end
if #forgotten > 0 then redis.call('HDEL', meta, unpack(forgotten)) end
return table.concat(results)
