-- Journals one signed transaction: writes slot, job states and next nonce.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 key prefix of the ledger  2 owner  3 epoch  4 address of the lane  5 nonce  6 slot
--         7 what the jobs keep of its attempts, separated by spaces  8… model ids
-- Result  {'committed'} | {'fenced'} | {'wrong-nonce', next nonce or nil} | {'jobs-taken', {model ids}}
--
-- Safe to repeat: the very slot found in its place is the trace of a commit whose reply was lost.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local prefix, owner, epoch, address, nonce, slot, attempts = unpack(ARGV, 1, 7)
if not holds_lane(KEYS[1], owner, epoch) then
  return { 'fenced' }
end
if redis.call('HGET', KEYS[2], nonce) == slot then
  return { 'committed' }
end
local next_nonce = redis.call('HGET', KEYS[1], 'nextNonce')
if next_nonce ~= nonce then
  return { 'wrong-nonce', next_nonce }
end

local taken, states = {}, {}
for i = 8, #ARGV do
  states[i] = redis.call('HGET', prefix .. 'job:' .. ARGV[i], 'state')
  if states[i] ~= 'admitted' and states[i] ~= 'deployed_unregistered' then
    taken[#taken + 1] = ARGV[i]
  end
end
if #taken > 0 then
  return { 'jobs-taken', taken }
end

local now = now_ms()
redis.call('HDEL', KEYS[2], nonce)
redis.call('HSET', KEYS[2], nonce, slot)
redis.call('HSET', KEYS[1], 'nextNonce', tonumber(nonce) + 1)
for i = 8, #ARGV do
  local job = prefix .. 'job:' .. ARGV[i]
  local earlier = redis.call('HGET', job, 'attempts')
  redis.call('HSET', job, 'lane', address, 'nonce', nonce)
  redis.call('HSET', job, 'attempts', earlier and earlier .. ' ' .. attempts or attempts)
  set_state(prefix, ARGV[i], states[i], 'submitted', now)
end
return { 'committed' }
