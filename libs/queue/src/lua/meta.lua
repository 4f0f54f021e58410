-- The counters of one digest: `deliveries attempts replays firstSeenAt claimedAt`, decimal, space-separated.
-- Malformed counters count as none: they must not keep the messages of a whole claim.
local function read_meta(packed)
  local deliveries, attempts, replays, first_seen, claimed =
    string.match(packed or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  return {
    deliveries = tonumber(deliveries or 0),
    attempts = tonumber(attempts or 0),
    replays = tonumber(replays or 0),
    first_seen = tonumber(first_seen or 0),
    claimed = tonumber(claimed or 0),
  }
end

local function write_meta(meta)
  return table.concat({ meta.deliveries, meta.attempts, meta.replays, meta.first_seen, meta.claimed }, ' ')
end
