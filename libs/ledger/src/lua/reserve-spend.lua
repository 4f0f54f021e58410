-- Reads the charge that begins at an argument: version of the policy that the transaction was signed under, gwei and tokens at
-- worst, budget of gwei an hour, of gwei a day, and of tokens an hour. An empty version: no charge; an empty budget: none.
local function charge_at(first)
  local version, gwei, tokens, hour, day, tokens_an_hour = unpack(ARGV, first, first + 5)
  if (version or '') == '' then
    return nil
  end
  return { version = version, gwei = tonumber(gwei), tokens = tonumber(tokens), budgets = {
    ['gwei:minute'] = tonumber(hour), ['gwei:hour'] = tonumber(day), ['tokens:minute'] = tonumber(tokens_an_hour),
  } }
end

-- Why a slot may not take the charge now: 'policy-changed', 'over-budget', or nil. A replacement is charged the difference.
local function refused(charge, policy, spent, reserved, field)
  if not charge then
    return nil
  end
  if (redis.call('HGET', policy, 'version') or '0') ~= charge.version then
    return 'policy-changed'
  end
  local own_gwei, own_tokens = split_reservation(redis.call('HGET', reserved, field))
  local more = { gwei = charge.gwei - own_gwei, tokens = charge.tokens - own_tokens }
  local sums = spent_within(spent, now_ms())
  local all = {}
  all.gwei, all.tokens = reserved_in_all(reserved)
  for window, budget in pairs(charge.budgets) do
    local measure = string.match(window, '^%a+')
    if more[measure] > 0 and sums[window] + all[measure] + more[measure] > budget then
      return 'over-budget'
    end
  end
  return nil
end

-- Reserves the charge. Keeps a higher one: an earlier attempt of the slot may be mined.
local function reserve(charge, reserved, field)
  if charge then
    local gwei, tokens = split_reservation(redis.call('HGET', reserved, field))
    redis.call('HSET', reserved, field,
      string.format('%.0f %.0f', math.max(gwei, charge.gwei), math.max(tokens, charge.tokens)))
  end
end
