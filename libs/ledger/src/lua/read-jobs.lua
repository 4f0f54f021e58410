-- Reads jobs as they stand at one instant, with what the indexes say of them.
--
-- KEYS    1 index of all jobs (ZSET)  2 inflight of the queue (HASH)
-- ARGV    1 key prefix of the ledger  2 number of states  then the states, then the model ids
-- Result  for each model {HGETALL of the job or 'unreadable' when it is no hash, 1 when the index of all jobs names it, {1 for each state that names it},
--         1 when a claimed message is attached}
--
-- Safe to repeat: it writes nothing.

local prefix, states = ARGV[1], tonumber(ARGV[2])
local answers = {}

local function has_message(model_id)
  local leases = prefix .. 'leases:' .. model_id
  for _, lease in ipairs(has_type(leases, 'set') and redis.call('SMEMBERS', leases) or {}) do
    if redis.call('HEXISTS', KEYS[2], lease) == 1 then return true end
  end
  return false
end

for i = 3 + states, #ARGV do
  local named = {}
  for s = 1, states do
    named[s] = redis.call('ZSCORE', prefix .. 'jobs:' .. ARGV[2 + s], ARGV[i]) and 1 or 0
  end
  local listed = redis.call('ZSCORE', KEYS[1], ARGV[i]) and 1 or 0
  local job = prefix .. 'job:' .. ARGV[i]
  local fields = has_type(job, 'hash') and redis.call('HGETALL', job) or 'unreadable'
  answers[#answers + 1] = { fields, listed, named, has_message(ARGV[i]) and 1 or 0 }
end
return answers
