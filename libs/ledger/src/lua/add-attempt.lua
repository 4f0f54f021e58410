-- Adds a fee bump to a slot, and its summary to the slot's jobs.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)  3 policy (HASH)  4 spent (HASH)  5 reserved (HASH)
-- ARGV    1 key prefix of the ledger  2 owner  3 epoch  4 address of the lane  5 nonce  6 attempt  7 its transaction hash
--         8 what the jobs keep of it  9–14 charge, see reserve-spend.lua
-- Result  'committed' | 'fenced' when the lease or the slot is gone | 'policy-changed' | 'over-budget'
--
-- Safe to repeat: a hash that the slot has is not added again.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local prefix, owner, epoch, address, nonce, attempt, hash, kept = unpack(ARGV, 1, 8)
local charge, field = charge_at(9), address .. ':' .. nonce
if not holds_lane(KEYS[1], owner, epoch) then
  return 'fenced'
end
local slot = redis.call('HGET', KEYS[2], nonce)
if not slot then
  return 'fenced'
end
if string.find(slot, '"hash":"' .. hash .. '"', 1, true) then
  return 'committed'
end
local refusal = refused(charge, KEYS[3], KEYS[4], KEYS[5], field)
if refusal then
  return refusal
end
redis.call('HDEL', KEYS[2], '')
reserve(charge, KEYS[5], field)
redis.call('HSET', KEYS[2], nonce, slot .. '\n' .. attempt)
local model_ids = cjson.decode(string.match(slot, '^[^\n]*'))
for _, model_id in ipairs(model_ids) do
  local job = prefix .. 'job:' .. model_id
  local earlier = redis.call('HGET', job, 'attempts')
  if earlier then
    redis.call('HSET', job, 'attempts', earlier .. ' ' .. kept)
  end
end
return 'committed'
