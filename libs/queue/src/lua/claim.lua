-- Moves the oldest messages of the queue to processing, under one lease each, and counts the delivery.
--
-- KEYS   main, processing, leases, inflight, meta, stalls, paused, fenced
-- ARGV   token, most messages, duration of a lease in ms
-- Result { 1 } when paused; else { 0, bytes, digest, meta, stalls, bytes, … }: the lease of the nth message is `token:n`
-- Repeat The token finds the messages that it claimed before and returns them again; nothing moves twice. A token whose
--        leases a sweep took away claims nothing any more.
-- First write: RPOP, which Redis runs when it is out of memory.
local main, processing, leases, inflight, meta, stalls, paused, fenced = unpack(KEYS)
local token, limit, lease_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local function names(count)
  local result = {}
  for i = 1, count do
    result[i] = token .. ':' .. i
  end
  return result
end

local function digests_of(messages)
  local result = {}
  for i, bytes in ipairs(messages) do
    result[i] = redis.sha1hex(bytes)
  end
  return result
end

local function claimed_before()
  local messages = {}
  for i, bytes in ipairs(redis.call('HMGET', inflight, unpack(names(limit)))) do
    if not bytes then break end
    messages[i] = bytes
  end
  return messages
end

local function lease(messages, now)
  local held, expiries = {}, {}
  for i, name in ipairs(names(#messages)) do
    held[2 * i - 1], held[2 * i] = name, messages[i]
    expiries[2 * i - 1], expiries[2 * i] = now + lease_ms, name
  end
  redis.call('LPUSH', processing, unpack(messages))
  redis.call('HSET', inflight, unpack(held))
  redis.call('ZADD', leases, unpack(expiries))
end

-- Returns the counters. Identical bytes share one, also within one claim. Most messages are new, and formatting numbers is what costs
-- Lua most: their counters are one text.
local function count_deliveries(digests, now)
  local first = write_meta({ deliveries = 1, attempts = 0, replays = 0, first_seen = now, claimed = now })
  local found, counted, fields = redis.call('HMGET', meta, unpack(digests)), {}, {}
  local result = {}
  for i, digest in ipairs(digests) do
    local packed = counted[digest] or found[i]
    if packed then
      local counters = read_meta(packed)
      counters.deliveries = counters.deliveries + 1
      if counters.first_seen == 0 then counters.first_seen = now end
      counters.claimed = now
      packed = write_meta(counters)
    else
      packed = first
    end
    counted[digest], result[i] = packed, packed
    fields[2 * i - 1], fields[2 * i] = digest, packed
  end
  redis.call('HSET', meta, unpack(fields))
  return result
end

local function reply(messages, digests, counters)
  local stalled = redis.call('HMGET', stalls, unpack(digests))
  local result = { 0 }
  for i, bytes in ipairs(messages) do
    result[4 * i - 2] = bytes
    result[4 * i - 1] = digests[i]
    result[4 * i] = counters[i]
    result[4 * i + 1] = stalled[i] or '0'
  end
  return result
end

if redis.call('HEXISTS', inflight, token .. ':1') == 1 then
  local messages = claimed_before()
  local digests = digests_of(messages)
  return reply(messages, digests, redis.call('HMGET', meta, unpack(digests)))
end
if redis.call('ZSCORE', fenced, token .. ':1') then return { 0 } end
if redis.call('EXISTS', paused) == 1 then return { 1 } end

local messages = redis.call('RPOP', main, limit)
if not messages then return { 0 } end
local now = now_ms()
local digests = digests_of(messages)
lease(messages, now)
return reply(messages, digests, count_deliveries(digests, now))
