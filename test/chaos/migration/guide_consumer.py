"""What the integration guide's consumer says to Redis, command by command, with nothing but Python's own library.

Usage: guide_consumer.py PORT QUEUE. guide-consumer.ts is the same in TypeScript.
"""

import json
import re
import signal
import socket
import sys
import time
from datetime import datetime, timezone

PORT, QUEUE = int(sys.argv[1]), sys.argv[2]
PROCESSING, DEAD_LETTERS = QUEUE + ":processing", QUEUE + ":dlq"
running = True


class Redis:
    """Commands and replies of RESP2 over one socket."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.replies = self.socket.makefile("rb")

    def call(self, *command):
        parts = [part if isinstance(part, bytes) else str(part).encode() for part in command]
        packed = b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        self.socket.sendall(b"*%d\r\n%s" % (len(parts), packed))
        return self.reply()

    def reply(self):
        line = self.replies.readline()
        kind, text = line[:1], line[1:-2]
        if kind == b"$":
            return None if text == b"-1" else self.replies.read(int(text) + 2)[:-2]
        if kind == b":":
            return int(text)
        if kind == b"*" and text == b"-1":
            return None
        if kind == b"+":
            return text
        raise RuntimeError(line)


def succeeds(redis, envelope):
    """The handler: every third attempt fails."""
    message_id = envelope["message_id"]
    while redis.call("EXISTS", "chaos:hang"):
        redis.call("SADD", "chaos:hanging", message_id)
        time.sleep(0.01)
    if (int(re.search(r"\d+", message_id)[0]) + envelope["retry_count"]) % 3 == 0:
        return False
    redis.call("SADD", "chaos:handled", message_id)
    return True


def take(redis, raw):
    envelope = json.loads(raw)
    if succeeds(redis, envelope):
        redis.call("LREM", PROCESSING, 1, raw)
    elif envelope["retry_count"] < envelope["max_retries"]:
        envelope["retry_count"] += 1
        redis.call("LREM", PROCESSING, 1, raw)
        redis.call("LPUSH", QUEUE, json.dumps(envelope))
    else:
        entry = {
            "original_message": raw.decode(),
            "error": "Handler returned False",
            "failed_at": datetime.now(timezone.utc).replace(tzinfo=None).isoformat(),
            "queue": QUEUE,
        }
        redis.call("LREM", PROCESSING, 1, raw)
        redis.call("LPUSH", DEAD_LETTERS, json.dumps(entry))


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
client = Redis(PORT)
while running:
    message = client.call("BRPOPLPUSH", QUEUE, PROCESSING, 1)
    if message is not None:
        take(client, message)
