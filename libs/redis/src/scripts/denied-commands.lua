-- Returns the commands that the user may not run and those that Redis does not know.
--
-- KEYS   a key that nothing else uses; left empty
-- ARGV   commands
-- Each command runs on the key with as many arguments as it takes. Any answer but a denial proves that it may run.
local scratch = KEYS[1]
local MAX_ARGUMENTS = 5

local function says(failure, words)
  return string.find(string.lower(failure), words, 1, true) ~= nil
end

local function is_denied(command)
  local arguments = {}
  for count = 0, MAX_ARGUMENTS do
    local reply = redis.pcall(command, unpack(arguments))
    local failure = type(reply) == 'table' and reply.err
    if not failure then return false end
    if not says(failure, 'wrong number of arg') then
      return says(failure, "can't run this command") or says(failure, 'no permission') or says(failure, 'unknown')
    end
    arguments[count + 1] = count == 0 and scratch or '0'
  end
  return false
end

local denied = {}
for _, command in ipairs(ARGV) do
  if is_denied(command) then denied[#denied + 1] = command end
end
redis.pcall('DEL', scratch)
return denied
