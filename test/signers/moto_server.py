"""moto's server, whose KMS signs digests. moto itself hashes them once more: it does not implement MessageType DIGEST."""

import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms.utils import ECDSAPrivateKey
from moto.server import main


def sign_digest(self: ECDSAPrivateKey, message: bytes, signing_algorithm: str) -> bytes:
    return self.private_key.sign(message, ec.ECDSA(Prehashed(hashes.SHA256())))


if "--hash-again" in sys.argv:
    sys.argv.remove("--hash-again")
else:
    ECDSAPrivateKey.sign = sign_digest
main(sys.argv[1:])
