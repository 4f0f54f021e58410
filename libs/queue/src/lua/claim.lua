-- Moves the oldest messages of the queue to processing, under one lease each, and counts the delivery.
--
-- KEYS   main, processing, leases, inflight, meta, stalls, paused, the worker's last claim
-- ARGV   worker, number of the claim, most messages, duration of a lease in ms
-- Result { 1 } when paused; else { 0, bytes, digest, meta, stalls, bytes, … }: the lease of the nth message is
--        `worker:number:n`
-- Repeat A number that is not above the worker's last one claims nothing any more: it returns what is still in flight
--        under it. Were it to claim again, when the network delivers it late, leases would be named twice, and the
--        holder of the first would settle the message of the second.
-- First write: RPOP, which Redis runs when it is out of memory.
local main, processing, leases, inflight, meta, stalls, paused, last_claim = unpack(KEYS)
local number, limit, lease_ms = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local token = ARGV[1] .. ':' .. ARGV[2]
local DAY_MS = 86400000

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

if number <= tonumber(redis.call('GET', last_claim) or 0) then
  local messages = claimed_before()
  if #messages == 0 then return { 0 } end
  local digests = digests_of(messages)
  return reply(messages, digests, redis.call('HMGET', meta, unpack(digests)))
end
if redis.call('EXISTS', paused) == 1 then return { 1 } end

local messages = redis.call('RPOP', main, limit)
if not messages then return { 0 } end
local now = now_ms()
local digests = digests_of(messages)
lease(messages, now)
redis.call('SET', last_claim, number, 'PX', DAY_MS)
return reply(messages, digests, count_deliveries(digests, now))
