-- Returns to the head of the queue what stands in processing without a lease: left by a consumer that keeps none, by a
-- script that Redis broke off, or by a Redis restored from an older copy. The first sight of an orphan is only
-- remembered: its consumer may be at work. One call looks at one window of the list. Copies of the same bytes cannot be
-- told apart and are counted. A first sight in the future is from before the clock of Redis went back, and counts as none.
--
-- Only the sorted set says what is leased: bytes in flight whose lease is missing there are removed, and their holder is
-- fenced.
--
-- KEYS   processing, leases, inflight, orphans, main, fenced
-- ARGV   ms between first sight and return, messages in a window, window's distance from the right end,
--        ms after which a first sight is forgotten
-- Result { number of messages, distance of the next window }
-- Repeat What was returned is no longer in processing.
-- First write: DEL or ZREMRANGEBYSCORE, which a full Redis accepts.
-- Order  An orphan is forgotten, put and removed. What Redis refuses half-way leaves an orphan of a new first sight.
local processing, leases, inflight, orphans, main, fenced = unpack(KEYS)
local patience, window, distance, memory = unpack(ARGV)
window, distance = tonumber(window), tonumber(distance)
-- Lua takes less than 8,000 values in one call.
local SLICE = 500

local length, leased_count = redis.call('LLEN', processing), redis.call('ZCARD', leases)
if length <= leased_count and redis.call('HLEN', inflight) == leased_count then
  redis.call('DEL', orphans)
  return { 0, 0 }
end

local now = now_ms()
redis.call('ZREMRANGEBYSCORE', orphans, '-inf', now - tonumber(memory))

local function fence(names)
  local fences, time = {}, string.format('%d', now)
  for i, name in ipairs(names) do
    fences[2 * i - 1], fences[2 * i] = time, name
  end
  redis.call('ZADD', fenced, unpack(fences))
  redis.call('HDEL', inflight, unpack(names))
end

-- Number of leased copies by their bytes.
local function count_leased()
  local leased = {}
  local names = redis.call('HKEYS', inflight)
  for first = 1, #names, SLICE do
    local last = math.min(first + SLICE - 1, #names)
    local ends = redis.call('ZMSCORE', leases, unpack(names, first, last))
    local contents = redis.call('HMGET', inflight, unpack(names, first, last))
    local unleased = {}
    for i, bytes in ipairs(contents) do
      if ends[i] then
        leased[bytes] = (leased[bytes] or 0) + 1
      else
        unleased[#unleased + 1] = names[first + i - 1]
      end
    end
    if #unleased > 0 then fence(unleased) end
  end
  return leased
end
local leased = count_leased()

if distance >= length then distance = 0 end
local elements = redis.call('LRANGE', processing, -(distance + window), -(distance + 1))
local copies, distinct = {}, {}
for i = #elements, 1, -1 do
  local bytes = elements[i]
  if not copies[bytes] then distinct[#distinct + 1] = bytes end
  copies[bytes] = (copies[bytes] or 0) + 1
end

local returned, removed = {}, {}
for _, bytes in ipairs(distinct) do
  local surplus = copies[bytes] - (leased[bytes] or 0)
  if surplus > 0 then
    local digest = redis.sha1hex(bytes)
    local seen = redis.call('ZSCORE', orphans, digest)
    if not seen or tonumber(seen) > now then
      redis.call('ZADD', orphans, now, digest)
    elseif now - tonumber(seen) >= tonumber(patience) then
      redis.call('ZREM', orphans, digest)
      removed[#removed + 1] = { bytes = bytes, copies = surplus }
      for _ = 1, surplus do
        returned[#returned + 1] = bytes
      end
    end
  end
end
if #returned > 0 then push_to_head(main, returned) end
for _, orphan in ipairs(removed) do
  redis.call('LREM', processing, -orphan.copies, orphan.bytes)
end

local next_distance = distance + window - #returned
if next_distance >= length - #returned then next_distance = 0 end
return { #returned, next_distance }
