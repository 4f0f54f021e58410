"""Signs the texts of standard input with both kinds of key, and verifies what the TypeScript producer signed.

Each line is a JSON object: ``text``; for verification also ``public_key``, ``secret``, ``ed25519`` and ``hmac`` in base64.
"""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hokusai_token_producer import Ed25519Key, HmacKey, sign_message

secret = bytes(range(32))
private_key = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
public_key = private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def is_verified(line: dict[str, str]) -> bool:
    message, decode = line["text"].encode("utf-8"), base64.b64decode
    try:
        Ed25519PublicKey.from_public_bytes(decode(line["public_key"])).verify(decode(line["ed25519"]), message)
        code = hmac.HMAC(decode(line["secret"]), hashes.SHA256())
        code.update(message)
        code.verify(decode(line["hmac"]))
    except InvalidSignature:
        return False
    return True


for text in sys.stdin:
    line = json.loads(text)
    message = line["text"].encode("utf-8")
    print(
        json.dumps(
            {
                "secret": base64.b64encode(secret).decode(),
                "public_key": base64.b64encode(public_key).decode(),
                "verified": is_verified(line),
                "signed": [
                    sign_message(message, HmacKey("hmac", secret)).decode(),
                    sign_message(message, Ed25519Key("ed25519", private_key)).decode(),
                ],
            }
        )
    )
