"""What stays known of a phone whose owner was erased: that it wrote STOP, by a keyed digest."""

from __future__ import annotations

from django.db.models import QuerySet

from exercises.services.erased import anybody_erased, digest_of_phone
from notifications.models import PhoneConsent


def is_erased(phone: str) -> bool:
    """Whether somebody with this phone was erased."""
    return anybody_erased() and _known(phone).exists()


def bring_back(phone: str, clinic_id: int) -> None:
    """What was known of the phone at a clinic is known again, now that somebody there has it: a
    STOP from before the erasure still counts.
    """
    if not anybody_erased():
        return
    if not PhoneConsent.objects.filter(phone=phone, clinic=clinic_id).exists():
        _known(phone).filter(clinic=clinic_id).update(phone=phone)


def stop(phone: str) -> None:
    """A STOP from an erased phone, everywhere."""
    _known(phone).update(state=PhoneConsent.State.REVOKED)


def keep_digest(phone: str, clinic_id: int) -> None:
    """Put the digest in the place of `phone` at a clinic. One that never agreed is kept as held, so
    that a later text is known for what it is.
    """
    made = digest_of_phone(phone)
    row, _ = PhoneConsent.objects.get_or_create(
        phone=phone, clinic_id=clinic_id, defaults={"state": PhoneConsent.State.HELD}
    )
    for earlier in PhoneConsent.objects.filter(phone=made, clinic=clinic_id).exclude(pk=row.pk):
        earlier.events.update(consent=row)
        earlier.delete()
    PhoneConsent.objects.filter(pk=row.pk).update(phone=made)


def _known(phone: str) -> QuerySet[PhoneConsent]:
    return PhoneConsent.objects.filter(phone=digest_of_phone(phone))
