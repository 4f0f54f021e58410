-- Journals one signed transaction: writes slot, job states and next nonce.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)  3 home of the queue (HASH)
--         4 policy (HASH)  5 spent (HASH)  6 reserved (HASH)  7 circuit (HASH)
-- ARGV    1 key prefix of the ledger  2 owner  3 epoch  4 address of the lane  5 nonce  6 slot
--         7 what the jobs keep of its attempts, separated by spaces  8–13 charge, see reserve-spend.lua
--         then for each job: model id, fingerprint of the record that the transaction deploys or '' for a repeat
-- Result  {'committed'} | {'fenced'} | {'wrong-home', HGETALL of the home} | {'wrong-nonce', next nonce or nil}
--         | {'jobs-taken', {model ids}} | {'policy-changed'} | {'over-budget'} | {'circuit-open'}
--
-- Safe to repeat: the very slot found in its place is the trace of a commit whose reply was lost or that Redis refused
-- half-way. The repeat writes what is missing; it leaves jobs alone that are in another slot or have left this one.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local prefix, owner, epoch, address, nonce, slot, attempts = unpack(ARGV, 1, 7)
local charge, field = charge_at(8), address .. ':' .. nonce
if not holds_lane(KEYS[1], owner, epoch) then
  return { 'fenced' }
end

-- True for a job that waits for this transaction. While a replica is frozen, a message with another record may take over its job.
local function is_free(state, record, wanted)
  return (state == 'admitted' or state == 'deployed_unregistered') and (wanted == '' or record == wanted)
end

local function enter_slot(model_id, state, now)
  local earlier = redis.call('HGET', prefix .. 'job:' .. model_id, 'attempts')
  set_state(prefix, model_id, state, 'submitted', now, 'lane', address, 'nonce', nonce,
    'attempts', earlier and earlier .. ' ' .. attempts or attempts)
end

local found = redis.call('HGET', KEYS[2], nonce)
local next_nonce = redis.call('HGET', KEYS[1], 'nextNonce')
if found ~= slot and (found or next_nonce ~= nonce) then
  return { 'wrong-nonce', next_nonce }
end

-- A queue that was moved takes no new transaction of the ledger of its former home.
local pinned = redis.call('HMGET', KEYS[3], 'chain_id', 'contract')
local own = pinned[1] and pinned[2] and ':ledger:' .. pinned[1] .. ':' .. pinned[2] .. ':'
if own and not found and string.sub(prefix, -#own) ~= own then
  return { 'wrong-home', redis.call('HGETALL', KEYS[3]) }
end

local taken, free = {}, {}
for i = 14, #ARGV, 2 do
  local model_id = ARGV[i]
  local job = prefix .. 'job:' .. model_id
  local state, record = unpack(has_type(job, 'hash') and redis.call('HMGET', job, 'state', 'fingerprint') or {})
  if is_free(state, record, ARGV[i + 1]) then
    free[#free + 1] = { model_id, state }
  else
    taken[#taken + 1] = model_id
  end
end
if not found and #taken > 0 then
  return { 'jobs-taken', taken }
end
-- An open circuit breaker lets one transaction through after its cool-down.
local now = now_ms()
local opened, probe_at = unpack(redis.call('HMGET', KEYS[7], 'openedAt', 'probeAt'))
if not found and opened and (now < (tonumber(probe_at) or 0) or is_probing(KEYS[7], KEYS[6])) then
  return { 'circuit-open' }
end
local refusal = not found and refused(charge, KEYS[4], KEYS[5], KEYS[6], field)
if refusal then
  return { refusal }
end

redis.call('HDEL', KEYS[2], '')
if not found and opened then
  redis.call('HSET', KEYS[7], 'probe', field)
end
reserve(charge, KEYS[6], field)
if not found then
  redis.call('HSET', KEYS[2], nonce, slot)
end
if tonumber(next_nonce or 0) <= tonumber(nonce) then
  redis.call('HSET', KEYS[1], 'nextNonce', tonumber(nonce) + 1)
end
for _, job in ipairs(free) do
  enter_slot(job[1], job[2], now)
end
return { 'committed' }
