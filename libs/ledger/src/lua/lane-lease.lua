-- True while the lane belongs to this owner under this epoch and the lease has not run out.
local function holds_lane(lane, owner, epoch)
  local lease = redis.call('HMGET', lane, 'owner', 'epoch', 'expiresAt')
  return lease[1] == owner and lease[2] == epoch and tonumber(lease[3]) > now_ms()
end
