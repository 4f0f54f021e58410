-- The circuit breaker of a queue on its chain.
--
-- circuit   HASH, while open: `openedAt`, `probeAt` (Unix milliseconds), `cause`, its figures, and `probe`: `<lane>:<nonce>` of
--           the one transaction that was let through; after the first closing: `closedAt`
-- outcomes  ZSET of `<transaction hash> failed` and `<transaction hash> succeeded <gwei of a token>` by Unix microseconds

-- True while the slot of the probe is open.
local function is_probing(circuit, reserved)
  local probe = redis.call('HGET', circuit, 'probe')
  return probe and redis.call('HEXISTS', reserved, probe) == 1
end

-- Closes the breaker. What it has counted until now counts no more.
local function close_circuit(circuit, now)
  redis.call('HDEL', circuit, 'openedAt', 'probeAt', 'cause', 'failed', 'of', 'cost', 'usual', 'probe')
  redis.call('HSET', circuit, 'closedAt', now)
end
