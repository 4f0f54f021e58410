-- The counters of one digest: `deliveries attempts replays firstSeenAt claimedAt`, decimal, space-separated.
local function read_meta(packed)
  local deliveries, attempts, replays, first_seen, claimed =
    string.match(packed or '0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  return {
    deliveries = tonumber(deliveries),
    attempts = tonumber(attempts),
    replays = tonumber(replays),
    first_seen = tonumber(first_seen),
    claimed = tonumber(claimed),
  }
end

local function write_meta(meta)
  return table.concat({ meta.deliveries, meta.attempts, meta.replays, meta.first_seen, meta.claimed }, ' ')
end
