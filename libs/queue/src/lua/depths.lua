-- Reads the depths of the four lists and the data for their ages.
--
-- KEYS   main, processing, delayed, dead letters, meta
-- Result { now, length of main, of processing, of delayed, of dead letters,
--          oldest message of main, time of the claim of the oldest in processing, first sight of the delayed message that
--          is due first, oldest dead letter }; false where there is none or the time is not known
-- Repeat Writes nothing.
local main, processing, delayed, dead_letters, meta = unpack(KEYS)

local function counters_of(bytes)
  local packed = bytes and redis.call('HGET', meta, redis.sha1hex(bytes))
  return packed and read_meta(packed) or {}
end

local due_first = redis.call('ZRANGE', delayed, 0, 0)[1]
local waiting = due_first and string.sub(due_first, (string.find(due_first, '\n', 1, true) or 0) + 1)

return {
  now_ms(),
  redis.call('LLEN', main),
  redis.call('LLEN', processing),
  redis.call('ZCARD', delayed),
  redis.call('LLEN', dead_letters),
  redis.call('LINDEX', main, -1),
  counters_of(redis.call('LINDEX', processing, -1)).claimed or false,
  counters_of(waiting).first_seen or false,
  redis.call('LINDEX', dead_letters, -1),
}
