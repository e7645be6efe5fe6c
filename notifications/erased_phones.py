"""What stays known of a phone whose owner was erased: that it wrote STOP, by a keyed digest."""

from __future__ import annotations

import base64

from hep.keys import keyed, sealing_keys
from notifications.models import PhoneConsent

MARK = "x"


def digests(phone: str) -> list[str]:
    """How `phone` (E.164) stands once its owner is erased: 95 bits in letters, by the newest key
    and by those of before.
    """
    return [
        MARK + base64.b32encode(keyed("hep.erased_phone", phone, key)).decode().lower()[:19]
        for key in sealing_keys()
    ]


def is_erased(phone: str) -> bool:
    """Whether somebody with this phone was erased. One query."""
    return PhoneConsent.objects.filter(phone__in=digests(phone)).exists()


def bring_back(phone: str, clinic_id: int) -> None:
    """What was known of the phone at a clinic is known again, now that somebody there has it: a
    STOP from before the erasure still counts.
    """
    known = PhoneConsent.objects.filter(phone__in=digests(phone), clinic=clinic_id)
    if known.exists() and not PhoneConsent.objects.filter(phone=phone, clinic=clinic_id).exists():
        known.update(phone=phone)


def stop(phone: str) -> None:
    """A STOP from an erased phone, everywhere."""
    PhoneConsent.objects.filter(phone__in=digests(phone)).update(state=PhoneConsent.State.REVOKED)
