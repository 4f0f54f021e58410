"""Checks and pushes ``model_ready_to_deploy`` messages for the Hokusai token deployer."""

from .models import FlatMessage, MessageEnvelope, ModelReadyToDeployPayload
from .producer import MessageRefusedError, NotReplicatedError, TokenProducer, envelope_of
from .verdict import MessageChecker, ServiceSettings

__all__ = [
    "FlatMessage",
    "MessageChecker",
    "MessageEnvelope",
    "MessageRefusedError",
    "ModelReadyToDeployPayload",
    "NotReplicatedError",
    "ServiceSettings",
    "TokenProducer",
    "envelope_of",
]
