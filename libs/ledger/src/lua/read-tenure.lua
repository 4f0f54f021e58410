-- Reads the owner of a lane.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (untouched)
-- Result  {owner, epoch, milliseconds left}, or nil for an unowned lane
--
-- Safe to repeat: it writes nothing.

local lease = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'expiresAt')
if not lease[1] or tonumber(lease[3]) <= now_ms() then
  return false
end
return { lease[1], lease[2], tonumber(lease[3]) - now_ms() }
