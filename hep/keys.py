"""What follows from SECRET_KEY, and still from the keys before it while they are kept.

A secret that is texted or shown again is stored nowhere: it is worked out from a row's random id.
One that somebody else's app holds is stored sealed, so that a copy of the database tells none.
With a new key the old ones stand in SECRET_KEY_FALLBACKS until nothing of theirs is in use.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac


def keys() -> list[str]:
    """The key that new secrets are made with, then those of before."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def keyed(salt: str, value: str, key: str) -> bytes:
    """The SHA-256 digest of `value` under `key`, apart from those of every other `salt`."""
    return bytes(salted_hmac(salt, value, secret=key, algorithm="sha256").digest())


class LostKeyError(Exception):
    """What was sealed cannot be opened: its key is gone, or it was sealed for something else."""


def seal(secret: bytes, of: str) -> bytes:
    """`secret` encrypted by the newest key, so that it opens only as that `of` the same thing.

    AES-SIV (RFC 5297) with a key of 512 bits: 16 bytes longer than the secret.
    """
    return _sealing(sealing_keys()[0]).encrypt(secret, [of.encode()])


def unsealed(sealed: bytes, of: str) -> bytes:
    """The secret that `seal` was given. Raises LostKeyError."""
    for key in sealing_keys():
        try:
            return _sealing(key).decrypt(sealed, [of.encode()])
        except InvalidTag:
            continue
    raise LostKeyError(of)


def sealing_keys() -> list[str]:
    """DATA_KEYS, the one that seals first; then, or without them, those of SECRET_KEY."""
    return [*settings.DATA_KEYS, *keys()]


def _sealing(key: str) -> AESSIV:
    return AESSIV(salted_hmac("hep.seal", "", secret=key, algorithm="sha512").digest())
