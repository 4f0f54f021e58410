"""Keccak-256, which Ethereum uses. SHA3-256 of hashlib has another padding."""

from __future__ import annotations

_RATE = 136
_MASK = (1 << 64) - 1


def keccak_256(data: bytes) -> bytes:
    """The digest of some bytes."""
    padded = bytearray(data)
    padded.append(0x01)
    padded.extend(bytes(-len(padded) % _RATE))
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        for at in range(_RATE // 8):
            word = int.from_bytes(padded[start + at * 8 : start + at * 8 + 8], "little")
            lanes[at % 5][at // 5] ^= word
        _permute(lanes)
    return b"".join(lanes[at % 5][at // 5].to_bytes(8, "little") for at in range(4))


def _rotate(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (64 - bits))) & _MASK if bits else word


def _permute(lanes: list[list[int]]) -> None:
    lfsr = 1
    for _ in range(24):
        # theta
        parities = [column[0] ^ column[1] ^ column[2] ^ column[3] ^ column[4] for column in lanes]
        for x in range(5):
            change = parities[x - 1] ^ _rotate(parities[(x + 1) % 5], 1)
            for y in range(5):
                lanes[x][y] ^= change
        # rho and pi
        x, y, word = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            lanes[x][y], word = _rotate(word, (step + 1) * (step + 2) // 2 % 64), lanes[x][y]
        # chi
        for row in range(5):
            words = [lanes[column][row] for column in range(5)]
            for column in range(5):
                lanes[column][row] = words[column] ^ (~words[(column + 1) % 5] & _MASK & words[(column + 2) % 5])
        # iota
        for bit in range(7):
            if lfsr & 1:
                lanes[0][0] ^= 1 << ((1 << bit) - 1)
            lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)
