-- True while this owner holds the lane under this epoch with an unexpired lease. A malformed end counts as expired.
local function holds_lane(lane, owner, epoch)
  local lease = redis.call('HMGET', lane, 'owner', 'epoch', 'expiresAt')
  return lease[1] == owner and lease[2] == epoch and (tonumber(lease[3]) or 0) > now_ms()
end
