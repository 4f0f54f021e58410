-- A lease is named `worker:claim:place:digest`. Claim and place have as many digits as any other, so that the names of one
-- worker sort as they were claimed; the digest is that of its message, whose state is found without hashing it again.
-- Place 0 is that of a message that was claimed alone.
local DIGEST_LENGTH = 40

local function lease_name(token, place, digest)
  return string.format('%s:%03d:%s', token, place, digest)
end

-- Place of the lease in the claim that `token`, which is `worker:claim`, stands for; nil for a lease of another claim.
local function lease_place(name, token)
  if string.sub(name, 1, #token + 1) ~= token .. ':' then return nil end
  return tonumber(string.match(name, '^(%d+):', #token + 2))
end

local function lease_digest(name)
  return string.sub(name, -DIGEST_LENGTH)
end

local function is_alone(name)
  return string.match(name, ':(%d+):[^:]*$') == '000'
end

-- A worker's name has colons of its own.
local function lease_worker(name)
  return string.match(name, '^(.*):[^:]*:[^:]*:[^:]*$') or name
end
