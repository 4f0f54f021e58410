"""Checks and pushes ``model_ready_to_deploy`` messages for the Hokusai token deployer."""

from .models import FlatMessage, MessageEnvelope, ModelReadyToDeployPayload
from .producer import MessageRefusedError, NotReplicatedError, TokenProducer, envelope_of
from .signature import Ed25519Key, HmacKey, SigningKey, sign_message
from .verdict import MessageChecker, ServiceSettings

__all__ = [
    "Ed25519Key",
    "FlatMessage",
    "HmacKey",
    "MessageChecker",
    "MessageEnvelope",
    "MessageRefusedError",
    "ModelReadyToDeployPayload",
    "NotReplicatedError",
    "ServiceSettings",
    "SigningKey",
    "TokenProducer",
    "envelope_of",
    "sign_message",
]
