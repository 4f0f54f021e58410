-- Journals a transaction for an unused nonce below the next one.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 owner  2 epoch  3 nonce  4 slot
-- Result  1, or 0 when the lease is lost, the nonce is not below the next one, or another slot holds it
--
-- Safe to repeat: the very slot found in its place is the trace of a write whose reply was lost.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local owner, epoch, nonce, slot = unpack(ARGV)
if not holds_lane(KEYS[1], owner, epoch) then
  return 0
end
local found = redis.call('HGET', KEYS[2], nonce)
if found then
  return found == slot and 1 or 0
end
local next_nonce = tonumber(redis.call('HGET', KEYS[1], 'nextNonce') or 0)
if tonumber(nonce) >= next_nonce then
  return 0
end
redis.call('HDEL', KEYS[2], nonce)
redis.call('HSET', KEYS[2], nonce, slot)
return 1
