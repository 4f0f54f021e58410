-- Upserts the job of each request and attaches its message.
--
-- KEYS    1 inflight of the queue (HASH)  2 stalls of the queue (HASH)
-- ARGV    1 key prefix of the ledger, then for each entry: model id, fingerprint, request, lease, SHA-1 of the message,
--         and name, tokens per hour and tokens per day of its producer ('' for none or no limit)
-- Result  for each entry {'admitted', HGETALL of the job} | {'attached'} | {'deployed', token} | {'conflict', request}
--         | {'waiting'}: a job with another record is open. Its outcome decides, so ask again
--         | {'delayed', ms}: the budget of the producer has no room. Nothing is written for the job
--         | {'unreadable', key}: the key of the job has another type. Nothing is written for it
--
-- Safe to repeat: an open job with the same fingerprint is left as it is, and a lease is in the set once.
-- HDEL must be the first write: a full Redis accepts it and then the rest of the script.

local prefix = ARGV[1]
local now = now_ms()
local newest = redis.call('ZREVRANGE', prefix .. 'jobs', 0, 0, 'WITHSCORES')
local sequence = tonumber(newest[2] or 0)

local function create(model_id)
  sequence = sequence + 1
  redis.call('ZADD', prefix .. 'jobs', sequence, model_id)
  redis.call('HSET', prefix .. 'job:' .. model_id, 'createdAt', now)
end

-- True while a claimed message asks for the job. Without one, nothing would complete it.
local function has_message(model_id)
  for _, lease in ipairs(redis.call('SMEMBERS', prefix .. 'leases:' .. model_id)) do
    if redis.call('HEXISTS', KEYS[1], lease) == 1 then return true end
  end
  return false
end

-- A failed job keeps its leases for a repeated settle; messages that asked for another record are not part of this one.
local function reopen(model_id, same_record)
  redis.call('HDEL', prefix .. 'job:' .. model_id, 'reason', 'error')
  redis.call(same_record and 'PERSIST' or 'DEL', prefix .. 'leases:' .. model_id)
end

local function attach(model_id, lease)
  if redis.call('HEXISTS', KEYS[1], lease) == 1 then
    redis.call('SADD', prefix .. 'leases:' .. model_id, lease)
  end
end

-- A job that was restored from the chain lacks what only a message says. No message is without an id.
local function complete(job, stored, request)
  if string.find(stored, '"messageId":null', 1, true) then
    redis.call('HSET', job, 'request', request)
  end
end

local function admit(model_id, fingerprint, request, lease, digest, producer, per_hour, per_day)
  local job = prefix .. 'job:' .. model_id
  local attached = prefix .. 'leases:' .. model_id
  if not has_type(job, 'hash') then return { 'unreadable', job } end
  if not has_type(attached, 'set') then return { 'unreadable', attached } end
  local found = redis.call('HMGET', job, 'state', 'fingerprint', 'request', 'token', 'eventId')
  local state, same_record = found[1], found[2] == fingerprint
  local is_deployed = state == 'deployed' or state == 'deployed_unregistered'
  if is_deployed and not same_record then
    return { 'conflict', found[3] }
  end
  redis.call('HDEL', KEYS[2], digest)
  local is_open = state == 'admitted' or state == 'submitted'
  if is_open and not same_record then
    if state == 'submitted' or has_message(model_id) then
      return { 'waiting' }
    end
    is_open = false
  end
  if is_deployed then
    complete(job, found[3], request)
    if found[5] then
      return { 'deployed', found[4] }
    end
    -- Its event may be missing: processing the job adopts the token and publishes.
    redis.call('PERSIST', prefix .. 'leases:' .. model_id)
    attach(model_id, lease)
    return { 'admitted', redis.call('HGETALL', job) }
  end
  if not is_open and producer ~= '' then
    local opened, turns = prefix .. 'producer:' .. producer, prefix .. 'producer-turns'
    if not has_type(opened, 'zset') then return { 'unreadable', opened } end
    if not has_type(turns, 'hash') then return { 'unreadable', turns } end
    local wait = take_budget(opened, turns, producer, model_id, per_hour, per_day, now)
    if wait then return { 'delayed', wait } end
  end
  if not state then
    create(model_id)
  elseif not is_open then
    reopen(model_id, same_record)
  end
  if not is_open then
    redis.call('HSET', job, 'request', request, 'fingerprint', fingerprint)
    set_state(prefix, model_id, state, 'admitted', now)
  end
  attach(model_id, lease)
  if state == 'submitted' then
    return { 'attached' }
  end
  return { 'admitted', redis.call('HGETALL', job) }
end

local answers = {}
for i = 2, #ARGV, 8 do
  answers[#answers + 1] = admit(unpack(ARGV, i, i + 7))
end
return answers
