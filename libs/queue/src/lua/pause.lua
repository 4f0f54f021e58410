-- Stops the claims of every replica.
--
-- KEYS   paused
-- Result nothing
-- Repeat The queue stays paused.
-- First write: DEL. Redis refuses a SET when it is out of memory, unless the script has written before.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], now_ms())
