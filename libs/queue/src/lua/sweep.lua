-- Takes leases that ran out from their holders, who are fenced from now on, and returns the messages to the head of the
-- queue, in the order in which they were claimed: leases sort by expiry and then by name, and those that a worker renewed
-- together differ only in that. The newest go back first and end up behind the others, however many slices it takes.
--
-- KEYS   leases, inflight, processing, main, stalls, fenced
-- ARGV   most leases, ms for which fenced leases are remembered, duration of a lease in ms, bytes after which no further
--        lease is taken: a later call takes the rest
-- Result number of leases
-- Repeat What was taken has no lease any more.
-- First write: a ZREMRANGEBYSCORE, which a full Redis accepts.
-- Order  The lease ends first: what Redis refuses after that leaves the message in processing without a lease, where the
--        sweep of orphans finds it. A message is put before it is removed.
local leases, inflight, processing, main, stalls, fenced = unpack(KEYS)
-- Lua takes less than 8,000 values in one call.
local SLICE = 500
local bytes_left = tonumber(ARGV[4])

local now = now_ms()
local furthest = now + 2 * tonumber(ARGV[3])
local taken_at = string.format('%d', now)
redis.call('ZREMRANGEBYSCORE', fenced, '-inf', now - tonumber(ARGV[2]))

-- A lease that ends later than any can was given before the clock of Redis went back. A live worker renews it.
local ahead = redis.call('ZRANGEBYSCORE', leases, '(' .. string.format('%d', furthest), '+inf', 'LIMIT', 0, SLICE)
for _, lease in ipairs(ahead) do redis.call('ZADD', leases, string.format('%d', furthest), lease) end

local function take(expired)
  local messages, stalled, taken = {}, {}, {}
  for i, bytes in ipairs(redis.call('HMGET', inflight, unpack(expired))) do
    local lease = expired[i]
    taken[2 * i - 1], taken[2 * i] = taken_at, lease
    if bytes then
      messages[#messages + 1], stalled[#stalled + 1] = bytes, lease
    end
  end
  redis.call('ZREM', leases, unpack(expired))
  redis.call('ZADD', fenced, unpack(taken))
  redis.call('HDEL', inflight, unpack(expired))
  if #messages > 0 then redis.call('RPUSH', main, unpack(messages)) end
  for i, bytes in ipairs(messages) do
    local lease = stalled[i]
    redis.call('LREM', processing, -1, bytes)
    count_stall(stalls, lease_digest(lease), lease_worker(lease), is_alone(lease))
  end
end

-- The first ones whose messages fit, at least one.
local function fitting(expired)
  local result = {}
  for i, lease in ipairs(expired) do
    if i > 1 and bytes_left <= 0 then break end
    result[i] = lease
    bytes_left = bytes_left - redis.call('HSTRLEN', inflight, lease)
  end
  return result
end

local swept = 0
repeat
  local newest = fitting(redis.call('ZREVRANGEBYSCORE', leases, now, '-inf', 'LIMIT', 0, SLICE))
  if #newest > 0 then take(newest) end
  swept = swept + #newest
until #newest < SLICE or bytes_left <= 0 or swept >= tonumber(ARGV[1])
return swept
