-- Reads a lane at one instant.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- Result  {next nonce or nil, closed block or nil, HGETALL of the slots}
--
-- Safe to repeat: it writes nothing.

local found = redis.call('HMGET', KEYS[1], 'nextNonce', 'closedBlock')
return { found[1], found[2], redis.call('HGETALL', KEYS[2]) }
