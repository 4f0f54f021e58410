-- Restores lost jobs as deployed, from the chain.
--
-- KEYS    1 index of all jobs (ZSET)
-- ARGV    1 key prefix of the ledger  2 '1' to write, '0' only to tell  then for each job, five:
--         model id, fingerprint, request, token, id of its event or '' while that is not known to be out
-- Result  for each job 'restored' | 'present' | 'open' | 'differs'
--
-- Safe to repeat: a deployed job keeps what it has, and gets the id of its event once.
-- The ZREM of a missing member comes first: a full Redis accepts it and then the rest of the script.

local prefix, writes = ARGV[1], ARGV[2] == '1'
local now = now_ms()
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local sequence = tonumber(newest[2] or 0)

local function is_same(found, fingerprint, token)
  local here, there = cjson.decode(found[3] or '{}'), cjson.decode(token)
  return found[2] == fingerprint and here.tokenAddress == there.tokenAddress
    and here.transactionHash == there.transactionHash
end

local function write(model_id, state, fingerprint, request, token)
  local job = prefix .. 'job:' .. model_id
  if not state then
    sequence = sequence + 1
    redis.call('ZADD', KEYS[1], sequence, model_id)
    redis.call('HSET', job, 'createdAt', now)
  end
  -- A failed job may have asked for another record than the one that the chain keeps, and its messages did.
  if redis.call('HGET', job, 'fingerprint') ~= fingerprint then
    redis.call('DEL', prefix .. 'leases:' .. model_id)
    redis.call('HSET', job, 'request', request, 'fingerprint', fingerprint)
  end
  redis.call('HDEL', job, 'reason', 'error')
  redis.call('HSET', job, 'token', token)
  set_state(prefix, model_id, state, 'deployed', now)
end

local function restore(model_id, fingerprint, request, token, event_id)
  local job = prefix .. 'job:' .. model_id
  local found = redis.call('HMGET', job, 'state', 'fingerprint', 'token', 'eventId')
  local state = found[1]
  if state == 'admitted' or state == 'submitted' then
    return 'open'
  end
  local stands = state == 'deployed' or state == 'deployed_unregistered'
  if stands and not is_same(found, fingerprint, token) then
    return 'differs'
  end
  if writes then
    if not stands then
      write(model_id, state, fingerprint, request, token)
    end
    if event_id ~= '' and not found[4] then
      redis.call('HSET', job, 'eventId', event_id)
    end
  end
  return stands and 'present' or 'restored'
end

if writes then
  redis.call('ZREM', KEYS[1], '')
end
local answers = {}
for i = 3, #ARGV, 5 do
  answers[#answers + 1] = restore(unpack(ARGV, i, i + 4))
end
return answers
