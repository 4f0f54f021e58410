-- Reads a lane at one instant.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- Result  {next nonce or nil, HGETALL of the slots}
--
-- Safe to repeat: it writes nothing.

return { redis.call('HGET', KEYS[1], 'nextNonce'), redis.call('HGETALL', KEYS[2]) }
