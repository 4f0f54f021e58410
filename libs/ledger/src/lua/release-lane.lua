-- Releases a lane. Keeps its epoch, next nonce and slots.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (untouched)
-- ARGV    1 owner  2 epoch
-- Result  1, or 0 when the lease was lost before
--
-- Safe to repeat: the second time finds no owner.

local lease = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], 'owner', 'expiresAt', 'leaseMs')
return 1
