-- True for a key of this type, and for an absent one.
local function has_type(key, expected)
  local found = redis.call('TYPE', key).ok
  return found == expected or found == 'none'
end
