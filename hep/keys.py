"""What follows from SECRET_KEY, and still from the keys before it while they are kept.

A secret that is texted or shown again is stored nowhere: it is worked out from a row's random id.
With a new key the old ones stand in SECRET_KEY_FALLBACKS until nothing of theirs is in use.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac


def keys() -> list[str]:
    """The key that new secrets are made with, then those of before."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def keyed(salt: str, value: str, key: str) -> bytes:
    """The SHA-256 digest of `value` under `key`, apart from those of every other `salt`."""
    return bytes(salted_hmac(salt, value, secret=key, algorithm="sha256").digest())
