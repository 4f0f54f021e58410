-- What the queue has spent on its chain, and what its open slots may still cost; in gwei and tokens.
--
-- spent     HASH of `gwei:minute:<n>`, `gwei:hour:<n>` and `tokens:minute:<n>`: costs of closed slots by the Redis clock
-- reserved  HASH of `<lane>:<nonce>` → `<gwei> <tokens>` of open slots. Has no time: it counts until its slot closes
local WIDTH_MS = { minute = 60000, hour = 3600000 }
-- Buckets of a window. The one that has begun is counted beside them, so that a window is never too short.
local BUCKETS = { minute = 60, hour = 24 }

local function bucket(unit, now)
  return math.floor(now / WIDTH_MS[unit])
end

-- Sums of the windows by `<measure>:<unit>`. A bucket of the future counts: the clock was set back.
local function spent_within(spent, now)
  local sums = { ['gwei:minute'] = 0, ['gwei:hour'] = 0, ['tokens:minute'] = 0 }
  local fields = redis.call('HGETALL', spent)
  for i = 1, #fields, 2 do
    local window, unit, index = string.match(fields[i], '^(%a+:(%a+)):(%d+)$')
    if sums[window] and bucket(unit, now) - index <= BUCKETS[unit] then
      sums[window] = sums[window] + (tonumber(fields[i + 1]) or 0)
    end
  end
  return sums
end

local function split_reservation(text)
  local gwei, tokens = string.match(text or '', '^(%d+) (%d+)$')
  return tonumber(gwei) or 0, tonumber(tokens) or 0
end

local function reserved_in_all(reserved)
  local gwei, tokens = 0, 0
  local fields = redis.call('HGETALL', reserved)
  for i = 2, #fields, 2 do
    local more_gwei, more_tokens = split_reservation(fields[i])
    gwei, tokens = gwei + more_gwei, tokens + more_tokens
  end
  return gwei, tokens
end
