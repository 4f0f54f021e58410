-- Processes with claimed messages.
--
-- KEYS   leases
-- ARGV   maximum leases to read, earliest expiry first
-- Result for each worker: name, leases, ms until the first of them ends (negative when it is over)
-- Repeat Writes nothing.
local now, names, held, left = now_ms(), {}, {}, {}
local leases = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #leases, 2 do
  local worker = lease_worker(leases[i])
  if not held[worker] then
    names[#names + 1], held[worker], left[worker] = worker, 0, leases[i + 1] - now
  end
  held[worker] = held[worker] + 1
end
local result = {}
for _, worker in ipairs(names) do
  result[#result + 1] = worker
  result[#result + 1] = held[worker]
  result[#result + 1] = left[worker]
end
return result
