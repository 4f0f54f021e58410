-- Sees that an attempt stands in the journal, and writes: whoever has this write has every one before it.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 owner  2 epoch  3 nonce  4 transaction hash
-- Result  1, or 0 when the lease, the slot or the attempt is gone
--
-- Safe to repeat: it counts how often it was asked.
-- The HDEL finds nothing: Redis runs it when out of memory, and with it the rest of the script.

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
