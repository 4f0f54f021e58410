-- The home of a queue is a HASH with a field for each setting that it is pinned to. `wanted` is { field, value, … }.

-- Returns what the queue is pinned to, when that differs from what is wanted. A field that is not pinned differs from nothing.
local function other_home(home, wanted)
  for i = 1, #wanted, 2 do
    local pinned = redis.call('HGET', home, wanted[i])
    if pinned and pinned ~= wanted[i + 1] then return redis.call('HGETALL', home) end
  end
  return nil
end

local function pin_home(home, wanted)
  for i = 1, #wanted, 2 do
    if redis.call('HEXISTS', home, wanted[i]) == 0 then redis.call('HSET', home, wanted[i], wanted[i + 1]) end
  end
end
