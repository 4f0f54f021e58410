-- Reads policy, spending and circuit breaker at one instant.
--
-- KEYS    1 policy (HASH)  2 spent (HASH)  3 reserved (HASH)  4 circuit (HASH)
-- Result  {HGETALL of the policy, HGETALL of what is spent, gwei reserved, tokens reserved, Unix milliseconds,
--         HGETALL of the circuit, 1 while its probe is open}
--
-- Safe to repeat: it writes nothing.

local gwei, tokens = reserved_in_all(KEYS[3])
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]),
  string.format('%.0f', gwei), string.format('%.0f', tokens), now_ms(),
  redis.call('HGETALL', KEYS[4]), is_probing(KEYS[4], KEYS[3]) and 1 or 0 }
