"""How the phone of somebody who was erased is known again, by nobody who has only the database."""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256

from django.db import transaction

from exercises.models import DigestKey
from hep.keys import seal, unsealed

MARK = "x"
SEALED_FOR = "digests of erased phones"
KEY_BYTES = 32


def digest_of_phone(phone: str) -> str:
    """How `phone` (E.164) stands once its owner is erased: 95 bits in 20 letters. Raises
    LostKeyError.

    Under a key of its own: those of sessions and seals change, a digest cannot be made anew.
    """
    row, _ = DigestKey.objects.get_or_create(
        pk=1, defaults={"sealed": seal(secrets.token_bytes(KEY_BYTES), SEALED_FOR)}
    )
    key = unsealed(bytes(row.sealed), SEALED_FOR)
    made = hmac.new(key, phone.encode(), sha256).digest()
    return MARK + base64.b32encode(made).decode().lower()[:19]


def anybody_erased() -> bool:
    """Whether there is a digest at all."""
    return DigestKey.objects.exists()


@transaction.atomic
def reseal_digests() -> None:
    """Seal the key, if there is one, by the newest key that seals. Raises LostKeyError."""
    for row in DigestKey.objects.select_for_update():
        row.sealed = seal(unsealed(bytes(row.sealed), SEALED_FOR), SEALED_FOR)
        row.save(update_fields=["sealed"])
