-- Returns owner, epoch and milliseconds left of the lease of a lane; nil for an unowned lane or an expired lease. A lease
-- that ends further ahead than twice its duration is also expired: the clock of Redis was set back. So is one whose end
-- is malformed.
local function lane_owner(lane, default_duration)
  local owner, epoch, expires_at, duration = unpack(redis.call('HMGET', lane, 'owner', 'epoch', 'expiresAt', 'leaseMs'))
  local left = owner and (tonumber(expires_at) or 0) - now_ms()
  if not owner or left <= 0 or left > 2 * (tonumber(duration) or tonumber(default_duration)) then
    return nil
  end
  return owner, epoch, left
end
