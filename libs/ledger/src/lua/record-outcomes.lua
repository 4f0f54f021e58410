-- Records how transactions ended, and opens or closes the circuit breaker.
--
-- KEYS    1 circuit (HASH)  2 outcomes (ZSET)
-- ARGV    1 failures that open it  2 factor of the usual cost that opens it, or ''  3 milliseconds until a probe
--         then for each outcome, four: `<lane>:<nonce>`, transaction hash, 'failed' or 'succeeded', gwei of a token or ''
-- Result  1
--
-- Safe to repeat: an outcome is counted once, at the time at which it was first recorded, and a probe ends once.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local WINDOW, KEPT = 20, 100
local failures, factor, cool_down = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now, micros = now_ms(), redis.call('TIME')[2] % 1000

local function median(costs, first, last)
  local sorted = { unpack(costs, first, last) }
  table.sort(sorted)
  return sorted[math.floor(#sorted / 2) + 1]
end

-- What is out of its usual range, as fields of the circuit, or nil.
local function findings()
  local since = tonumber(redis.call('HGET', KEYS[1], 'closedAt') or 0) or 0
  local outcomes = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('(%.0f', since * 1000 + 999), '+inf')
  local failed, costs = 0, {}
  for i, outcome in ipairs(outcomes) do
    if i > #outcomes - WINDOW and string.find(outcome, ' failed', 1, true) then
      failed = failed + 1
    end
    costs[#costs + 1] = tonumber(string.match(outcome, ' succeeded (%d+)$'))
  end
  if failed >= failures then
    return { 'cause', 'failures', 'failed', failed, 'of', math.min(#outcomes, WINDOW) }
  end
  -- The usual cost needs as many tokens as the window that is compared with it.
  if not factor or #costs < 2 * WINDOW then
    return nil
  end
  local cost, usual = median(costs, #costs - WINDOW + 1, #costs), median(costs, 1, #costs - WINDOW)
  return cost > factor * usual and
    { 'cause', 'cost', 'cost', string.format('%.0f', cost), 'usual', string.format('%.0f', usual) } or nil
end

-- True when the probe shows that the breaker may close.
local function is_usual(outcome, gwei)
  local usual = tonumber(redis.call('HGET', KEYS[1], 'usual') or nil)
  return outcome == 'succeeded' and not (factor and usual and (tonumber(gwei) or 0) > factor * usual)
end

redis.call('HDEL', KEYS[1], '')
local probe = redis.call('HGET', KEYS[1], 'probe')
for i = 4, #ARGV, 4 do
  local slot, hash, outcome, gwei = unpack(ARGV, i, i + 3)
  local member = hash .. ' ' .. outcome .. (gwei == '' and '' or ' ' .. gwei)
  redis.call('ZADD', KEYS[2], 'NX', string.format('%.0f', now * 1000 + micros + i), member)
  if slot == probe and is_usual(outcome, gwei) then
    close_circuit(KEYS[1], now)
  elseif slot == probe then
    redis.call('HDEL', KEYS[1], 'probe')
    redis.call('HSET', KEYS[1], 'probeAt', now + cool_down)
  end
end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -KEPT - 1)
if redis.call('HEXISTS', KEYS[1], 'openedAt') == 0 then
  local found = findings()
  if found then
    redis.call('HSET', KEYS[1], 'openedAt', now, 'probeAt', now + cool_down, unpack(found))
  end
end
return 1
