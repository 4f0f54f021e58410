-- Replaces the policy of an operator, and writes the audit record.
--
-- KEYS    1 policy (HASH)  2 audit trail (STREAM)
-- ARGV    1 id of the operation  2 version that it replaces  3 actor  4 request id  5 note  6 description for the audit record
--         then names and values of the policy in turn
-- Result  1, or 0 when the policy has another version
--
-- Safe to repeat: it finds its own audit record and does the rest: a next version that is in place stays.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local operation, version = ARGV[1], ARGV[2]
local current = redis.call('HGET', KEYS[1], 'version') or '0'
local repeated = audit_id_of(KEYS[2], operation)
if current ~= version then
  return repeated and 1 or 0
end
redis.call('HDEL', KEYS[1], '')
if not repeated then
  audit_record(KEYS[2], operation, 'set_policy', ARGV[3], ARGV[4], ARGV[5],
    'version', string.format('%.0f', version + 1), 'policy', ARGV[6])
end
redis.call('HSET', KEYS[1], 'version', string.format('%.0f', version + 1), unpack(ARGV, 7))
return 1
