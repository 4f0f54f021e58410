-- Replaces the holds of a replica and returns those of all live replicas.
--
-- KEYS   holds, starts of the holds
-- ARGV   replica, ms until its holds expire, its holds in the caller's encoding, ms until the start of a hold that no
--        replica has is forgotten, ms of the same for an ended hold, number of its holds; then their keys, then the keys
--        of the holds that it has ended
-- Result { { replica, holds, … }, { key, Unix ms of its start, … } }
-- Repeat Writes the same again.
-- First write: an HDEL of a missing field. A full Redis rejects an HSET as the first write.
local holds, starts = unpack(KEYS)
local replica, ttl, encoded, forget_after, forget_ended_after, count = unpack(ARGV)
local FIRST_KEY = 7
local now = now_ms()

-- A field is `<Unix ms> <value>`; the first part says when it expires.
local function split(field)
  local expiry, value = string.match(field, '^(%d+) (.*)$')
  return tonumber(expiry) or 0, value
end

local function read(hash)
  local found = {}
  local fields = redis.call('HGETALL', hash)
  for at = 1, #fields, 2 do
    local expiry, value = split(fields[at + 1])
    -- A step back of the clock must not keep a field for good.
    if expiry > now and expiry - now <= 2 * tonumber(forget_after) then found[fields[at]] = value
    else redis.call('HDEL', hash, fields[at]) end
  end
  return found
end

local function flat(found)
  local list = {}
  for name, value in pairs(found) do
    list[#list + 1] = name
    list[#list + 1] = value
  end
  return list
end

local others = read(holds)
redis.call('HDEL', holds, '')
redis.call('HSET', holds, replica, string.format('%d %s', now + ttl, encoded))
others[replica] = encoded

local since = read(starts)
for at = FIRST_KEY, FIRST_KEY + count - 1 do
  local key = ARGV[at]
  since[key] = since[key] or tostring(now)
  redis.call('HSET', starts, key, string.format('%d %s', now + forget_after, since[key]))
end
for at = FIRST_KEY + count, #ARGV do
  local key = ARGV[at]
  -- Another replica that has it renews it in time.
  if since[key] then redis.call('HSET', starts, key, string.format('%d %s', now + forget_ended_after, since[key])) end
end
return { flat(others), flat(since) }
