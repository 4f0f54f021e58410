-- Takes leases that ran out from their holders, who are fenced from now on, and returns the messages to the head of the
-- queue.
--
-- KEYS   leases, inflight, processing, main, stalls, fenced
-- ARGV   most leases, ms for which fenced leases are remembered
-- Result number of leases
-- Repeat What was taken has no lease any more.
-- First write: ZREM, which Redis runs when it is out of memory.
local leases, inflight, processing, main, stalls, fenced = unpack(KEYS)

local now = now_ms()
redis.call('ZREMRANGEBYSCORE', fenced, '-inf', now - tonumber(ARGV[2]))
local expired = redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, ARGV[1])
if #expired == 0 then return 0 end

redis.call('ZREM', leases, unpack(expired))
local messages, taken = {}, {}
for i, bytes in ipairs(redis.call('HMGET', inflight, unpack(expired))) do
  taken[2 * i - 1], taken[2 * i] = now, expired[i]
  if bytes then
    redis.call('LREM', processing, -1, bytes)
    redis.call('HINCRBY', stalls, redis.sha1hex(bytes), 1)
    messages[#messages + 1] = bytes
  end
end
redis.call('HDEL', inflight, unpack(expired))
redis.call('ZADD', fenced, unpack(taken))
if #messages > 0 then push_to_head(main, messages) end
return #expired
