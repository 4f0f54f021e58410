-- Completes jobs: writes state, publishes the event, acknowledges the messages and closes the slot, if given.
--
-- KEYS    1 leases of the queue (ZSET)  2 inflight of the queue (HASH)  3 processing of the queue (LIST)
--         4 meta of the queue (HASH)  5 stalls of the queue (HASH)  6 queue of deployed tokens (LIST)
--         7 second queue of deployed tokens, or the first again (LIST)
--         with a slot: 8 lane (HASH)  9 slots of the lane (HASH)  10 spent (HASH)  11 reserved (HASH)
-- ARGV    1 key prefix of the ledger  2 owner  3 epoch  4 address of the lane  5 nonce  6 final block by which the
--         nonce is used, or empty  7 gwei that it cost and  8 tokens that it made, or empty: what is reserved
--         (2–8 empty without a slot)
--         then for each verdict, seven: kind, model id, fingerprint of the record judged or '' and
--         'deployed', 'unregistered': token, event id, event for the first queue, event for the second (either may be '')
--         | 'failed': reason, error, '', '' | 'returned': '', '', '', ''
-- Result  {'settled', {changed, {lease acknowledged, …}, {lease, bytes, meta or nil, stalls or nil, …}}, …}
--         | {'fenced'} | {'unsettled', model id of the slot that has no verdict}
--
-- Safe to repeat: a deployed job with the id of its event never changes again, and an unregistered one only into that, so
-- each event is pushed once; another verdict changes only jobs that the slot (or, without one, nothing) holds; without a
-- slot, a job that a message with another record has taken over since is left alone; a failure
-- of an unregistered one without a slot is written beside its state; a settled
-- job keeps the leases it settled for an hour, which gives the repeat the same answer.
-- The ZREM of a missing member comes first: a full Redis accepts it and then the rest of the script.
-- Nothing is written while a key has another type: Redis does not roll back, and each repeat would publish again. The leases
-- of one job are the exception: its messages wait, and the slot closes.

local REPEAT_SECONDS = 3600
local SPENT_SECONDS = 26 * 3600

local prefix, owner, epoch, address, nonce, block, gwei, tokens = unpack(ARGV, 1, 8)
local now = now_ms()
local lane, slots = KEYS[8], KEYS[9]

local function job_key(model_id)
  return prefix .. 'job:' .. model_id
end

local function leases_key(model_id)
  return prefix .. 'leases:' .. model_id
end

-- True for a job that this call may fail or return: one in the slot given or, without a slot, in none.
local function is_held(model_id)
  local found = redis.call('HMGET', job_key(model_id), 'state', 'lane', 'nonce')
  if lane then
    return found[2] == address and found[3] == nonce
  end
  return found[1] == 'admitted'
end

-- True when the verdict is about another record than the job has now. A job in a slot keeps its record.
local function is_taken_over(model_id, record)
  return not lane and record ~= '' and redis.call('HGET', job_key(model_id), 'fingerprint') ~= record
end

-- Returns a job of the slot without an update. Closing the slot would strand it.
local function without_verdict()
  local slot = lane and redis.call('HGET', slots, nonce)
  if not slot then
    return nil
  end
  local judged = {}
  for i = 10, #ARGV, 7 do
    judged[ARGV[i]] = true
  end
  for _, model_id in ipairs(cjson.decode(string.match(slot, '^[^\n]*'))) do
    if not judged[model_id] and is_held(model_id) then
      return model_id
    end
  end
  return nil
end

-- Writes the state and then ends the job's place in its slot: until that is done, a repeat finds the job in the slot.
local function leave_slot(model_id, to, ...)
  set_state(prefix, model_id, redis.call('HGET', job_key(model_id), 'state'), to, now, ...)
  redis.call('HDEL', job_key(model_id), 'lane', 'nonce')
end

local function forget_failure(model_id)
  redis.call('HDEL', job_key(model_id), 'reason', 'error')
end

-- State of a job whose transaction did not execute it. A published unregistered token keeps its state.
local function back_to(model_id, to)
  return redis.call('HEXISTS', job_key(model_id), 'eventId') == 1 and 'deployed_unregistered' or to
end

local function leases_of(model_id)
  local key = leases_key(model_id)
  return has_type(key, 'set') and redis.call('SMEMBERS', key) or {}
end

-- Removes expired and settled leases from the set.
local function keep_live(model_id)
  for _, lease in ipairs(leases_of(model_id)) do
    if redis.call('HEXISTS', KEYS[2], lease) == 0 then
      redis.call('SREM', leases_key(model_id), lease)
    end
  end
  redis.call('EXPIRE', leases_key(model_id), REPEAT_SECONDS)
end

local function acknowledge(lease)
  local bytes = redis.call('HGET', KEYS[2], lease)
  if bytes then
    redis.call('LREM', KEYS[3], -1, bytes)
    redis.call('ZREM', KEYS[1], lease)
    redis.call('HDEL', KEYS[2], lease)
    local digest = redis.sha1hex(bytes)
    redis.call('HDEL', KEYS[4], digest)
    redis.call('HDEL', KEYS[5], digest)
  end
end

local function detached(model_id)
  local messages = {}
  for _, lease in ipairs(leases_of(model_id)) do
    local bytes = redis.call('HGET', KEYS[2], lease)
    if bytes then
      local digest = redis.sha1hex(bytes)
      for _, value in ipairs({ lease, bytes, redis.call('HGET', KEYS[4], digest), redis.call('HGET', KEYS[5], digest) }) do
        messages[#messages + 1] = value
      end
    end
  end
  return messages
end

-- True when the event of this state is published. A restored job has no event id.
local function is_published(model_id, to)
  local found = redis.call('HMGET', job_key(model_id), 'state', 'eventId')
  return found[2] and (found[1] == to or found[1] == 'deployed')
end

local function publish(to, model_id, record, token, event_id, event, full_event)
  if redis.call('EXISTS', job_key(model_id)) == 0 or is_taken_over(model_id, record) then
    return { 0, {}, {} }
  end
  local changed = not is_published(model_id, to)
  if changed then
    -- Publishes first: if a later command fails, a repeat publishes a duplicate instead of nothing.
    if event ~= '' then
      redis.call('LPUSH', KEYS[6], event)
    end
    if full_event ~= '' then
      redis.call('LPUSH', KEYS[7], full_event)
    end
    keep_live(model_id)
    forget_failure(model_id)
    leave_slot(model_id, to, 'token', token, 'eventId', event_id)
  elseif lane and is_held(model_id) then
    redis.call('HDEL', job_key(model_id), 'lane', 'nonce')
  end
  local leases = leases_of(model_id)
  for _, lease in ipairs(leases) do
    acknowledge(lease)
  end
  return { changed and 1 or 0, leases, {} }
end

local function deploy(...)
  return publish('deployed', ...)
end

local function leave_unregistered(...)
  return publish('deployed_unregistered', ...)
end

-- True when this call may fail the job. An unregistered token may also fail without a slot.
local function may_fail(model_id)
  local unregistered = redis.call('HGET', job_key(model_id), 'state') == 'deployed_unregistered'
  return is_held(model_id) or not lane and unregistered and back_to(model_id, '') == 'deployed_unregistered'
end

local function fail(model_id, record, reason, failure)
  if is_taken_over(model_id, record) then
    return { 0, {}, {} }
  end
  local changed = may_fail(model_id)
  if changed then
    keep_live(model_id)
    leave_slot(model_id, back_to(model_id, 'failed'), 'reason', reason, 'error', failure)
  end
  local failed = redis.call('HGET', job_key(model_id), 'state') == 'failed'
  return { changed and 1 or 0, {}, failed and detached(model_id) or {} }
end

local function give_back(model_id)
  local changed = lane and is_held(model_id)
  if changed then
    forget_failure(model_id)
    leave_slot(model_id, back_to(model_id, 'admitted'))
  end
  return { changed and 1 or 0, {}, {} }
end

-- Raises WRONGTYPE before the first write.
local function read_types()
  for _, name in ipairs({ '', ':admitted', ':submitted', ':deployed', ':deployed_unregistered', ':failed' }) do
    redis.call('ZCARD', prefix .. 'jobs' .. name)
  end
  for _, hash in ipairs({ 2, 4, 5, 9, 10, 11 }) do
    if KEYS[hash] then redis.call('HLEN', KEYS[hash]) end
  end
  for _, list in ipairs({ 3, 6, 7 }) do redis.call('LLEN', KEYS[list]) end
  for i = 10, #ARGV, 7 do redis.call('HLEN', job_key(ARGV[i])) end
end

if lane and not holds_lane(lane, owner, epoch) then
  return { 'fenced' }
end
local forgotten = without_verdict()
if forgotten then
  return { 'unsettled', forgotten }
end

read_types()
redis.call('ZREM', KEYS[1], '')
local verdicts = { deployed = deploy, unregistered = leave_unregistered, failed = fail, returned = give_back }
local answers = { 'settled' }
for i = 9, #ARGV, 7 do
  answers[#answers + 1] = verdicts[ARGV[i]](unpack(ARGV, i + 1, i + 6))
end
if lane then
  if redis.call('HEXISTS', slots, nonce) == 1 then
    book_spend(KEYS[10], KEYS[11], address .. ':' .. nonce, gwei, tokens)
  end
  redis.call('HDEL', slots, nonce)
  redis.call('HDEL', KEYS[11], address .. ':' .. nonce)
  if block ~= '' then
    redis.call('HSET', lane, 'closedBlock', block)
  end
  redis.call('EXPIRE', KEYS[10], SPENT_SECONDS)
end
return answers
