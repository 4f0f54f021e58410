-- The only function that changes a job's state, in its hash and in the state index.
local function set_state(prefix, model_id, from, to, now)
  if from then
    redis.call('ZREM', prefix .. 'jobs:' .. from, model_id)
  end
  redis.call('ZADD', prefix .. 'jobs:' .. to, redis.call('ZSCORE', prefix .. 'jobs', model_id), model_id)
  redis.call('HSET', prefix .. 'job:' .. model_id, 'state', to, 'updatedAt', now)
end
