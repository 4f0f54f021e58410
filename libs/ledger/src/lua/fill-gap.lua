-- Journals a transaction for an unused nonce below the next one.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)  3 policy (HASH)  4 spent (HASH)  5 reserved (HASH)
-- ARGV    1 owner  2 epoch  3 address of the lane  4 nonce  5 slot  6–11 charge, see reserve-spend.lua
-- Result  'committed' | 'fenced' when the lease is lost, the nonce is not below the next one, or another slot holds it
--         | 'policy-changed' | 'over-budget'
--
-- Safe to repeat: the very slot found in its place is the trace of a write whose reply was lost.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local owner, epoch, address, nonce, slot = unpack(ARGV, 1, 5)
local charge, field = charge_at(6), address .. ':' .. nonce
if not holds_lane(KEYS[1], owner, epoch) then
  return 'fenced'
end
local found = redis.call('HGET', KEYS[2], nonce)
if found then
  return found == slot and 'committed' or 'fenced'
end
local next_nonce = tonumber(redis.call('HGET', KEYS[1], 'nextNonce') or 0)
if tonumber(nonce) >= next_nonce then
  return 'fenced'
end
local refusal = refused(charge, KEYS[3], KEYS[4], KEYS[5], field)
if refusal then
  return refusal
end
redis.call('HDEL', KEYS[2], nonce)
reserve(charge, KEYS[5], field)
redis.call('HSET', KEYS[2], nonce, slot)
return 'committed'
