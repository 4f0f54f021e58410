-- Returns to the head of the queue what stands in processing without a lease: left by a consumer that keeps none, by a
-- script that Redis broke off, or by a Redis restored from an older copy. The first sight of an orphan is only
-- remembered: its consumer may be at work. One call looks at one window of the list. Copies of the same bytes cannot be
-- told apart and are counted. A first sight in the future is from before the clock of Redis went back, and counts as none.
--
-- Only the sorted set says what is leased: bytes in flight whose lease is missing there are removed, and their holder is
-- fenced. Leases are counted by the digest in their names: the messages of all would not fit into Lua's memory.
--
-- KEYS   processing, leases, inflight, orphans, main, fenced
-- ARGV   ms between first sight and return, messages in a window, window's distance from the right end,
--        ms after which a first sight is forgotten, bytes after which the window ends
-- Result { number of messages, distance of the next window }
-- Repeat What was returned is no longer in processing.
-- First write: DEL or ZREMRANGEBYSCORE, which a full Redis accepts.
-- Order  An orphan is forgotten, put and removed. What Redis refuses half-way leaves an orphan of a new first sight.
local processing, leases, inflight, orphans, main, fenced = unpack(KEYS)
local patience, window, distance, memory, most_bytes = unpack(ARGV)
window, distance, most_bytes = tonumber(window), tonumber(distance), tonumber(most_bytes)
-- Messages that are read at once.
local STRIDE = 10
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

-- Number of leased copies by their digest.
local function count_leased()
  local leased = {}
  local names = redis.call('HKEYS', inflight)
  for first = 1, #names, SLICE do
    local last = math.min(first + SLICE - 1, #names)
    local ends = redis.call('ZMSCORE', leases, unpack(names, first, last))
    local unleased = {}
    for i = 1, last - first + 1 do
      local name = names[first + i - 1]
      if ends[i] then
        local digest = lease_digest(name)
        leased[digest] = (leased[digest] or 0) + 1
      else
        unleased[#unleased + 1] = name
      end
    end
    if #unleased > 0 then fence(unleased) end
  end
  return leased
end
local leased = count_leased()

if distance >= length then distance = 0 end
local copies, distinct, looked, size = {}, {}, 0, 0
while looked < window and size < most_bytes do
  local elements = redis.call('LRANGE', processing, -(distance + looked + STRIDE), -(distance + looked + 1))
  for i = #elements, 1, -1 do
    local bytes = elements[i]
    local digest = redis.sha1hex(bytes)
    if not copies[digest] then distinct[#distinct + 1] = { digest = digest, bytes = bytes } end
    copies[digest] = (copies[digest] or 0) + 1
    size = size + #bytes
  end
  looked = looked + #elements
  if #elements < STRIDE then break end
end

local returned, removed = {}, {}
for _, message in ipairs(distinct) do
  local digest, bytes = message.digest, message.bytes
  local surplus = copies[digest] - (leased[digest] or 0)
  if surplus > 0 then
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

local next_distance = distance + looked - #returned
if next_distance >= length - #returned then next_distance = 0 end
return { #returned, next_distance }
