-- Closes the circuit breaker for an operator, and writes the audit record.
--
-- KEYS    1 circuit (HASH)  2 audit trail (STREAM)
-- ARGV    1 id of the operation  2 actor  3 request id  4 note
-- Result  1, or 0 when it was not open
--
-- Safe to repeat: it finds its own audit record and does the rest.
-- The HDEL of a missing field comes first: a full Redis accepts it and then the rest of the script.

local repeated = audit_id_of(KEYS[2], ARGV[1])
local opened = redis.call('HGET', KEYS[1], 'openedAt')
if not opened then
  return repeated and 1 or 0
end
redis.call('HDEL', KEYS[1], '')
if not repeated then
  audit_record(KEYS[2], ARGV[1], 'close_circuit', ARGV[2], ARGV[3], ARGV[4], 'opened_at', opened)
end
close_circuit(KEYS[1], now_ms())
return 1
