-- Returns the commands that the user may not run, and those that Redis does not know.
--
-- KEYS   a key that nothing else uses; left empty
-- ARGV   commands
-- Each command runs on the key with as many arguments as it takes. Any answer but a denial proves that it may run.
local scratch = KEYS[1]
local MAX_ARGUMENTS = 5

local function says(failure, words)
  return string.find(string.lower(failure), words, 1, true) ~= nil
end

-- Returns 'denied', 'unknown' or nil.
local function fault_of(command)
  local arguments = {}
  for count = 0, MAX_ARGUMENTS do
    local reply = redis.pcall(command, unpack(arguments))
    local failure = type(reply) == 'table' and reply.err
    if not failure then return nil end
    if not says(failure, 'wrong number of arg') then
      if says(failure, "can't run this command") or says(failure, 'no permission') then return 'denied' end
      return says(failure, 'unknown') and 'unknown' or nil
    end
    arguments[count + 1] = count == 0 and scratch or '0'
  end
  return nil
end

local found = { denied = {}, unknown = {} }
for _, command in ipairs(ARGV) do
  local fault = fault_of(command)
  if fault then table.insert(found[fault], command) end
end
redis.pcall('DEL', scratch)
return { found.denied, found.unknown }
