-- Reads one page of jobs, newest first.
--
-- KEYS    1 index of the jobs wanted (ZSET)
-- ARGV    1 key prefix of the ledger  2 highest sequence number, as ZREVRANGEBYSCORE takes it  3 size of the page
-- Result  {sequence number of the last job or nil when none is left, HGETALL of a job, …}; nothing for a job that is no hash
--
-- Safe to repeat: it writes nothing. The cost depends on the page, not on the number of jobs.

local limit = tonumber(ARGV[3])
local found = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
local page = { #found > 2 * limit and found[2 * limit] }
for i = 1, math.min(#found, 2 * limit), 2 do
  local job = ARGV[1] .. 'job:' .. found[i]
  page[#page + 1] = has_type(job, 'hash') and redis.call('HGETALL', job) or {}
end
return page
