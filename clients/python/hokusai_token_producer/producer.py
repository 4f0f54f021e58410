"""Pushes messages to the queue of the service."""

from __future__ import annotations

from datetime import datetime, timezone
from uuid import uuid4

from redis import Redis

from .models import FlatMessage, MessageEnvelope, ModelReadyToDeployPayload
from .signature import SigningKey, sign_message
from .verdict import MessageChecker, ServiceSettings


class MessageRefusedError(ValueError):
    """The service would refuse the message. It was not pushed."""


class NotReplicatedError(RuntimeError):
    """The message is in the queue, but not on enough replicas. Pushing it again makes no second token."""


def envelope_of(payload: ModelReadyToDeployPayload) -> MessageEnvelope:
    """Puts a payload into an envelope with an id and the time."""
    return MessageEnvelope(
        message_id=str(uuid4()),
        message_type="model_ready_to_deploy",
        payload=payload,
        timestamp=datetime.now(timezone.utc),
    )


class TokenProducer:
    """Pushes messages, each only if the service is going to accept it."""

    def __init__(
        self,
        redis: Redis,
        queue: str = "hokusai:model_ready_queue",
        *,
        key: SigningKey | None = None,
        replicas: int = 0,
        replication_timeout_ms: int = 1_000,
        settings: ServiceSettings = ServiceSettings(),
    ) -> None:
        self._redis = redis
        self._queue = queue
        self._key = key
        self._replicas = replicas
        self._replication_timeout_ms = replication_timeout_ms
        self._checker = MessageChecker(settings)

    def push(self, message: MessageEnvelope | FlatMessage) -> None:
        """Pushes one message.

        :raises MessageRefusedError: before anything is pushed
        :raises NotReplicatedError: when fewer than ``replicas`` confirm the message in time
        """
        text = message.model_dump_json(exclude_unset=True).encode("utf-8")
        pushed = text if self._key is None else sign_message(text, self._key)
        problem = self._checker.problem_of(text, len(pushed))
        if problem is not None:
            raise MessageRefusedError(problem)
        if self._send(pushed) < self._replicas:
            raise NotReplicatedError(
                f"Fewer than {self._replicas} replicas confirmed the message within "
                f"{self._replication_timeout_ms} ms. It is in the queue; push it again if Redis fails over."
            )

    def _send(self, text: bytes) -> int:
        # In one pipeline: WAIT counts the writes of its own connection.
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.lpush(self._queue, text)
        if self._replicas > 0:
            pipeline.execute_command("WAIT", self._replicas, self._replication_timeout_ms)
        replies = pipeline.execute()
        return int(replies[-1]) if self._replicas > 0 else 0
