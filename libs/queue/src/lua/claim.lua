-- Moves the oldest messages of the queue to processing, under one lease each, and counts the delivery.
--
-- KEYS   main, processing, leases, inflight, meta, stalls, paused, the worker's last claim, home
-- ARGV   worker, number of the claim in ten digits, most messages, duration of a lease in ms, bytes after which no further
--        message is taken, then the worker's home as field, value, …; the first claim that finds a message pins the queue to it
-- Result { 1 } when paused; { 2, { field, value, … } } when the queue is pinned to another home;
--        else { 0, now, first place, digests one after the other, remembered, bytes, bytes, … }: what is remembered of
--        messages that are not new is { position from 1, meta, stalls, position, … }. The lease of each is named by
--        lease_name, their places follow each other
-- Repeat A number that is not above the worker's last one claims nothing any more: it returns what is still in flight
--        under it. Were it to claim again, when the network delivers it late, leases would be named twice, and the
--        holder of the first would settle the message of the second.
-- First write: a ZREM of a missing member. A full Redis rejects a SET as the first write.
-- Order  LMOVE takes and puts at once. What Redis refuses after it leaves the message in processing without a lease, where
--        the sweep finds it.
local main, processing, leases, inflight, meta, stalls, paused, last_claim, home = unpack(KEYS)
local number, limit, lease_ms, most_bytes = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local token = ARGV[1] .. ':' .. ARGV[2]
local DAY_MS = 86400000
local own_home = { unpack(ARGV, 6) }

local function digests_of(messages)
  local result = {}
  for i = 1, #messages do
    result[i] = redis.sha1hex(messages[i])
  end
  return result
end

-- Looking through all leases takes its time, but only a lost reply is asked for again.
local function claimed_before()
  local names, messages = {}, {}
  for _, name in ipairs(redis.call('HKEYS', inflight)) do
    local place = lease_place(name, token)
    if place and redis.call('ZSCORE', leases, name) then names[place] = name end
  end
  local first = names[0] and 0 or 1
  for place = first, limit do
    if not names[place] then break end
    messages[#messages + 1] = redis.call('HGET', inflight, names[place])
  end
  return messages, first
end

local function move_to_processing()
  local messages, size = {}, 0
  for i = 1, limit do
    local bytes = redis.call('LMOVE', main, processing, 'RIGHT', 'LEFT')
    if not bytes then break end
    messages[i] = bytes
    size = size + #bytes
    if size >= most_bytes then break end
  end
  return messages
end

-- Redis formats each number that it is given anew, and texts are what they are.
local function lease(messages, digests, first, now)
  local expiry = string.format('%d', now + lease_ms)
  local held, expiries = {}, {}
  for i = 1, #messages do
    local name = lease_name(token, first + i - 1, digests[i])
    held[2 * i - 1], held[2 * i] = name, messages[i]
    expiries[2 * i - 1], expiries[2 * i] = expiry, name
  end
  redis.call('HSET', inflight, unpack(held))
  redis.call('ZADD', leases, unpack(expiries))
end

-- Returns the counters of those that are not new. Identical bytes share one, also within one claim. Most messages are new:
-- their counters are one text.
local function count_deliveries(digests, now)
  local first = write_meta({ deliveries = 1, attempts = 0, replays = 0, first_seen = now, claimed = now })
  local found, counted, fields, known = redis.call('HMGET', meta, unpack(digests)), {}, {}, {}
  for i = 1, #digests do
    local digest = digests[i]
    local packed = counted[digest] or found[i]
    if packed then
      local counters = read_meta(packed)
      counters.deliveries = counters.deliveries + 1
      if counters.first_seen == 0 then counters.first_seen = now end
      counters.claimed = now
      packed = write_meta(counters)
      known[i] = packed
    else
      packed = first
    end
    counted[digest] = packed
    fields[2 * i - 1], fields[2 * i] = digest, packed
  end
  redis.call('HSET', meta, unpack(fields))
  return known
end

local function counters_of(digests)
  local found = redis.call('HMGET', meta, unpack(digests))
  for i = 1, #digests do
    found[i] = found[i] and write_meta(read_meta(found[i]))
  end
  return found
end

local function stalled_of(digests)
  return redis.call('EXISTS', stalls) == 1 and redis.call('HMGET', stalls, unpack(digests)) or {}
end

local function reply(messages, digests, first, known, now)
  local stalled = stalled_of(digests)
  local remembered = {}
  for i = 1, #digests do
    if known[i] or stalled[i] then
      remembered[#remembered + 1] = i
      remembered[#remembered + 1] = known[i] or false
      remembered[#remembered + 1] = read_stalls(stalled[i])
    end
  end
  return { 0, now, first, table.concat(digests), remembered, unpack(messages) }
end

local now = now_ms()
if number <= (tonumber(redis.call('GET', last_claim) or '') or 0) then
  local messages, first = claimed_before()
  if #messages == 0 then return { 0, now, 1, '', {} } end
  local digests = digests_of(messages)
  return reply(messages, digests, first, counters_of(digests), now)
end
local pinned = other_home(home, own_home)
if pinned then return { 2, pinned } end
if redis.call('EXISTS', paused) == 1 then return { 1 } end

if redis.call('EXISTS', main) == 0 then return { 0, now, 1, '', {} } end

redis.call('ZREM', leases, '')
pin_home(home, own_home)
redis.call('SET', last_claim, number, 'PX', DAY_MS)
local messages = move_to_processing()
local digests = digests_of(messages)
local first = #messages == 1 and 0 or 1
lease(messages, digests, first, now)
return reply(messages, digests, first, count_deliveries(digests, now), now)
