-- Frees a lane for an operator. Keeps its epoch, next nonce and slots; the next owner gets a newer epoch.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (untouched)  3 audit trail (STREAM)
-- ARGV    1 id of the operation  2 address of the lane  3 actor  4 request id  5 note
-- Result  1, or 0 when the lane had no owner
--
-- Safe to repeat: it finds its own audit record and leaves the next owner alone.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script, and a user who may not
-- run it changes nothing. The record comes before the release, so that no release is without one.

if audit_id_of(KEYS[3], ARGV[1]) then
  return 1
end
local owner = redis.call('HGET', KEYS[1], 'owner')
if not owner then
  return 0
end
redis.call('HDEL', KEYS[1], '')
audit_record(KEYS[3], ARGV[1], 'free_lane', ARGV[3], ARGV[4], ARGV[5], 'lane', ARGV[2], 'held_by', owner)
redis.call('HDEL', KEYS[1], 'owner', 'expiresAt', 'leaseMs')
return 1
