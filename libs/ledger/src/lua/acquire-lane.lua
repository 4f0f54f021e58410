-- Acquires a lane that is free, expired or the caller's own. Drops reservations of slots that an operator has deleted.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)  3 all lanes (SET)  4 reserved (HASH)
-- ARGV    1 owner  2 milliseconds  3 address of the lane
-- Result  the new epoch, or nil when another owner holds the lane
--
-- Safe to repeat: the owner gets the lane again, under a newer epoch that fences the one whose reply was lost.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local owner = lane_owner(KEYS[1], ARGV[2])
if owner and owner ~= ARGV[1] then
  return false
end
redis.call('HDEL', KEYS[1], '')
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'expiresAt', now_ms() + ARGV[2], 'leaseMs', ARGV[2])
for _, field in ipairs(redis.call('HKEYS', KEYS[4])) do
  local lane, nonce = string.match(field, '^(.*):(%d+)$')
  if lane == ARGV[3] and redis.call('HEXISTS', KEYS[2], nonce) == 0 then
    redis.call('HDEL', KEYS[4], field)
  end
end
-- In place of a malformed epoch, one that no owner had: epochs are compared for equality.
if not string.match(redis.call('HGET', KEYS[1], 'epoch') or '0', '^%d+$') then
  redis.call('HSET', KEYS[1], 'epoch', now_ms())
end
return redis.call('HINCRBY', KEYS[1], 'epoch', 1)
