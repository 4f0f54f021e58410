-- Extends leases, including expired ones that were not swept.
--
-- KEYS   leases
-- ARGV   duration of a lease in ms, lease, lease, …
-- Result the leases that are gone
-- Repeat Extends them again, by the clock of the repeat.
-- First write: a ZREM of a missing member. A full Redis rejects a ZADD as the first write.
local leases = KEYS[1]
local duration = tonumber(ARGV[1])

redis.call('ZREM', leases, '')
local expiry = string.format('%d', now_ms() + duration)
local scores = redis.call('ZMSCORE', leases, unpack(ARGV, 2))
local extended, gone = {}, {}
for i = 1, #ARGV - 1 do
  if scores[i] then
    extended[#extended + 1], extended[#extended + 2] = expiry, ARGV[i + 1]
  else
    gone[#gone + 1] = ARGV[i + 1]
  end
end
if #extended > 0 then redis.call('ZADD', leases, unpack(extended)) end
return gone
