-- The budget of a producer: models whose jobs its messages opened, by time, in a ZSET of the last day. A model counts once.

local HOUR_MS, DAY_MS = 3600000, 86400000

-- When the limit has room for one more model, and the time that one takes from it.
local function room_at(opened, limit, window)
  if limit == '' then return 0, 0 end
  local oldest = redis.call('ZREVRANGE', opened, tonumber(limit) - 1, tonumber(limit) - 1, 'WITHSCORES')
  return oldest[2] and tonumber(oldest[2]) + window or 0, window / tonumber(limit)
end

-- Counts the model, or returns the milliseconds that its message waits. Those that wait have turns one after the other, so
-- that a backlog does not come back at once. No wait is above an hour: the budget may be raised meanwhile.
local function take_budget(opened, turns, producer, model_id, per_hour, per_day, now)
  if per_hour == '' and per_day == '' then return nil end
  redis.call('ZREMRANGEBYSCORE', opened, '-inf', now - DAY_MS)
  if redis.call('ZSCORE', opened, model_id) then return nil end
  local hour_room, hour_step = room_at(opened, per_hour, HOUR_MS)
  local day_room, day_step = room_at(opened, per_day, DAY_MS)
  local room = math.max(hour_room, day_room)
  if room <= now then
    redis.call('ZADD', opened, now, model_id)
    redis.call('PEXPIRE', opened, DAY_MS)
    return nil
  end
  local step = day_room > hour_room and day_step or hour_step
  local turn = math.ceil(math.max(room, tonumber(redis.call('HGET', turns, producer) or 0) + step))
  redis.call('HSET', turns, producer, string.format('%d', turn))
  return math.min(turn - now, HOUR_MS)
end
