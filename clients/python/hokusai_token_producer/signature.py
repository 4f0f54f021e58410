"""Signs messages, so that the service knows their producer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Protocol


class SigningKey(Protocol):
    """A key of the service's key file, as the producer has it."""

    @property
    def key_id(self) -> str: ...

    @property
    def algorithm(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class Ed25519Signer(Protocol):
    """``Ed25519PrivateKey`` of the package ``cryptography``."""

    def sign(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True)
class HmacKey:
    """Signs with HMAC-SHA256."""

    key_id: str
    secret: bytes = field(repr=False)
    algorithm: str = field(default="hmac-sha256", init=False)

    def sign(self, message: bytes) -> bytes:
        return hmac.new(self.secret, message, hashlib.sha256).digest()


@dataclass(frozen=True)
class Ed25519Key:
    """Signs with Ed25519."""

    key_id: str
    private_key: Ed25519Signer = field(repr=False)
    algorithm: str = field(default="ed25519", init=False)

    def sign(self, message: bytes) -> bytes:
        return self.private_key.sign(message)


def sign_message(message: bytes, key: SigningKey) -> bytes:
    """Wraps the UTF-8 text of a message with a signature over exactly these bytes."""
    signature = {
        "key_id": key.key_id,
        "algorithm": key.algorithm,
        "value": base64.b64encode(key.sign(message)).decode("ascii"),
    }
    return json.dumps({"message": message.decode("utf-8"), "signature": signature}, ensure_ascii=False).encode("utf-8")
