-- The only function that changes a job's state, in its hash and in the state index. Writes further fields with the state.
-- The hash comes last: a repeat of a script that Redis refused half-way finds the old state and does the rest.
local function set_state(prefix, model_id, from, to, now, ...)
  redis.call('ZADD', prefix .. 'jobs:' .. to, redis.call('ZSCORE', prefix .. 'jobs', model_id), model_id)
  if from and from ~= to then
    redis.call('ZREM', prefix .. 'jobs:' .. from, model_id)
  end
  redis.call('HSET', prefix .. 'job:' .. model_id, 'state', to, 'updatedAt', now, ...)
end
