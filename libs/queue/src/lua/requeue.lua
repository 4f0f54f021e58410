-- Requeues the message of a dead letter where a producer would, with reset attempts and stalls. The caller
-- has removed the entry: the first write of its script must be one that a full Redis accepts.
local function requeue(main, meta, stalls, message, replays)
  local digest = redis.sha1hex(message)
  local counters = read_meta(redis.call('HGET', meta, digest))
  counters.attempts = 0
  counters.replays = math.max(counters.replays + 1, tonumber(replays))
  redis.call('HSET', meta, digest, write_meta(counters))
  redis.call('HDEL', stalls, digest)
  redis.call('LPUSH', main, message)
end
