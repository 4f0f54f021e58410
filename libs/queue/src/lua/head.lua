-- Puts messages back at the head of the queue, its right end, so that messages[1] is the next to be taken. The caller removes
-- them from where they were after that. The first write of its script must be one that a full Redis accepts.
local function push_to_head(main, messages)
  local reversed = {}
  for i = #messages, 1, -1 do
    reversed[#reversed + 1] = messages[i]
  end
  redis.call('RPUSH', main, unpack(reversed))
end
