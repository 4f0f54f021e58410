-- Puts the message of a dead letter where a producer would put it. It starts over: no attempt spent, no stall. The caller
-- has removed the entry: the first write of its script must be one that Redis runs out of memory.
local function requeue(main, meta, stalls, message, replays)
  local digest = redis.sha1hex(message)
  local counters = read_meta(redis.call('HGET', meta, digest))
  counters.attempts = 0
  counters.replays = math.max(counters.replays + 1, tonumber(replays))
  redis.call('HSET', meta, digest, write_meta(counters))
  redis.call('HDEL', stalls, digest)
  redis.call('LPUSH', main, message)
end
