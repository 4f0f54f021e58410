-- Pins a queue to another home, and remembers the former one.
--
-- KEYS    1 home of the queue (HASH)  2 former homes (SET)  3 index of the submitted jobs of the former home (ZSET)
-- ARGV    1 chain id  2 contract of the former home, then the new home as field, value, …
-- Result  {'moved'} | {'changed'} when the queue is pinned to another home than ARGV 1 and 2 | {'open', number of jobs that
--         are in a transaction of the former home}
--
-- Safe to repeat: the new home is a former one that is pinned already.
-- The SREM of a missing member comes first: a full Redis accepts it and then the rest of the script. The former home is
-- remembered before it is left.

local new = { unpack(ARGV, 3) }
if not other_home(KEYS[1], new) then
  return { 'moved' }
end
if other_home(KEYS[1], { 'chain_id', ARGV[1], 'contract', ARGV[2] }) then
  return { 'changed' }
end
local open = redis.call('ZCARD', KEYS[3])
if open > 0 then
  return { 'open', open }
end
redis.call('SREM', KEYS[2], '')
redis.call('SADD', KEYS[2], ARGV[1] .. ' ' .. ARGV[2])
redis.call('HSET', KEYS[1], unpack(new))
return { 'moved' }
