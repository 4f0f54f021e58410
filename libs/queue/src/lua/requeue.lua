-- Requeues the message of a dead letter where a producer would, with reset attempts and stalls, and removes the entry.
-- Returns false when the element is not in the list. The first write of the script must be one that a full Redis accepts.
local function requeue(dead_letters, main, meta, stalls, element, message, replays)
  -- Puts before it removes. The message that was pushed for an element that is gone is found at once.
  redis.call('LPUSH', main, message)
  if redis.call('LREM', dead_letters, -1, element) == 0 then
    redis.call('LREM', main, 1, message)
    return false
  end
  local digest = redis.sha1hex(message)
  local counters = read_meta(redis.call('HGET', meta, digest))
  counters.attempts = 0
  counters.replays = math.max(counters.replays + 1, tonumber(replays))
  redis.call('HSET', meta, digest, write_meta(counters))
  redis.call('HDEL', stalls, digest)
  return true
end
