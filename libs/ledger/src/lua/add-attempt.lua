-- Adds a fee bump to a slot, and its summary to the slot's jobs.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 key prefix of the ledger  2 owner  3 epoch  4 nonce  5 attempt  6 its transaction hash
--         7 what the jobs keep of it
-- Result  1, or 0 when the lease or the slot is gone
--
-- Safe to repeat: a hash that the slot has is not added again.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local prefix, owner, epoch, nonce, attempt, hash, kept = unpack(ARGV)
if not holds_lane(KEYS[1], owner, epoch) then
  return 0
end
local slot = redis.call('HGET', KEYS[2], nonce)
if not slot then
  return 0
end
if string.find(slot, '"hash":"' .. hash .. '"', 1, true) then
  return 1
end
redis.call('HDEL', KEYS[2], '')
redis.call('HSET', KEYS[2], nonce, slot .. '\n' .. attempt)
local model_ids = cjson.decode(string.match(slot, '^[^\n]*'))
for _, model_id in ipairs(model_ids) do
  local job = prefix .. 'job:' .. model_id
  local earlier = redis.call('HGET', job, 'attempts')
  if earlier then
    redis.call('HSET', job, 'attempts', earlier .. ' ' .. kept)
  end
end
return 1
