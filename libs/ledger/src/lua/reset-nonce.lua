-- Sets the next nonce of a lane without open slots.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (HASH)
-- ARGV    1 owner  2 epoch  3 next nonce
-- Result  1, or 0 when the lease is lost or a slot is open
--
-- Safe to repeat: the nonce is set, not moved.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

if not holds_lane(KEYS[1], ARGV[1], ARGV[2]) then
  return 0
end
if redis.call('HLEN', KEYS[2]) > 0 then
  return 0
end
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'nextNonce', ARGV[3])
return 1
