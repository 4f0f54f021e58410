-- Books what a slot cost. Without a cost, books what is reserved for it: its transaction may have been mined.
-- Moves buckets of the future, which a clock that was set back leaves, into the current one, so that they end as it does.
local function book_spend(spent, reserved, field, gwei, tokens)
  local now = now_ms()
  local held_gwei, held_tokens = split_reservation(redis.call('HGET', reserved, field))
  local costs = { gwei = tonumber(gwei) or held_gwei, tokens = tonumber(tokens) or held_tokens }
  local booked = { ['gwei:minute'] = costs.gwei, ['gwei:hour'] = costs.gwei, ['tokens:minute'] = costs.tokens }
  local fields, stale, current = redis.call('HGETALL', spent), {}, {}
  for i = 1, #fields, 2 do
    local window, unit, index = string.match(fields[i], '^(%a+:(%a+)):(%d+)$')
    local age = booked[window] and bucket(unit, now) - index
    if age and age <= 0 then
      booked[window] = booked[window] + (tonumber(fields[i + 1]) or 0)
    end
    if not age or age < 0 or age > BUCKETS[unit] then
      stale[#stale + 1] = fields[i]
    end
  end
  for window, amount in pairs(booked) do
    current[#current + 1] = window .. ':' .. string.format('%.0f', bucket(string.match(window, '%a+$'), now))
    current[#current + 1] = string.format('%.0f', amount)
  end
  for _, name in ipairs(stale) do
    redis.call('HDEL', spent, name)
  end
  redis.call('HSET', spent, unpack(current))
end
