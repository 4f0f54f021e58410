-- Checks that an attempt is journaled, and writes: a replica with this write has every earlier one.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 owner  2 epoch  3 nonce  4 transaction hash
-- Result  1, or 0 when the lease, the slot or the attempt is gone
--
-- Safe to repeat: it counts how often it was asked.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local owner, epoch, nonce, hash = unpack(ARGV)
if not holds_lane(KEYS[1], owner, epoch) then
  return 0
end
local slot = redis.call('HGET', KEYS[2], nonce)
if not slot or not string.find(slot, '"hash":"' .. hash .. '"', 1, true) then
  return 0
end
redis.call('HDEL', KEYS[1], '')
redis.call('HINCRBY', KEYS[1], 'secured', 1)
return 1
