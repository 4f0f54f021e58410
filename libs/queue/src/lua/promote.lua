-- Returns retries that are due to the head of the queue, the one due first to be taken first. To the head, because they
-- have waited before: behind a long backlog a retry after seconds would become one after hours.
--
-- KEYS   delayed, main
-- ARGV   most messages
-- Result number of messages
-- Repeat What was returned is no longer delayed.
-- First write: a ZREM of a missing member, which a full Redis accepts. The messages are put before they are removed.
local delayed, main = unpack(KEYS)

local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', now_ms(), 'LIMIT', 0, ARGV[1])
if #due == 0 then return 0 end
redis.call('ZREM', delayed, '')
local messages = {}
for i, member in ipairs(due) do
  -- A member without a lease is a message as a whole.
  messages[i] = string.sub(member, (string.find(member, '\n', 1, true) or 0) + 1)
end
push_to_head(main, messages)
redis.call('ZREM', delayed, unpack(due))
return #due
