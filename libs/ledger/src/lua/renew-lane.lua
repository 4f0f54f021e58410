-- Extends the lease of a lane.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (untouched)
-- ARGV    1 owner  2 epoch  3 milliseconds from now
-- Result  1, or 0 when the lease is lost
--
-- Safe to repeat: the end of the lease is set, not moved.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

if not holds_lane(KEYS[1], ARGV[1], ARGV[2]) then
  return 0
end
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'expiresAt', now_ms() + ARGV[3], 'leaseMs', ARGV[3])
return 1
