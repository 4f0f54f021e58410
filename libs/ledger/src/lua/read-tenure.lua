-- Reads the owner of a lane.
--
-- KEYS    1 lane (HASH)  2 slots of the lane (untouched)
-- Result  {owner, epoch, milliseconds left}, or nil for an unowned lane
--
-- Safe to repeat: it writes nothing.

local owner, epoch, left = lane_owner(KEYS[1], math.huge)
return owner and { owner, epoch, left }
