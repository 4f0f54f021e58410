-- The stalls of one digest: `count owner`, the owner being the process whose crash was counted last.
local function read_stalls(packed)
  return tonumber(string.match(packed or '', '^%d+') or 0)
end

-- Minimum stalls of a poison candidate, which is then claimed alone.
local POISON_CANDIDATE_STALLS = 2

-- Counts the crash of an owner once, however many copies of the bytes it held. A candidate's stalls grow only by crashes
-- of an owner that claimed it alone: those of others prove nothing.
local function count_stall(stalls, digest, owner, alone)
  local packed = redis.call('HGET', stalls, digest)
  local count = read_stalls(packed)
  if packed == count .. ' ' .. owner or (count >= POISON_CANDIDATE_STALLS and not alone) then return end
  redis.call('HSET', stalls, digest, count + 1 .. ' ' .. owner)
end
