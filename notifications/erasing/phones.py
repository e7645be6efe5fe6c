"""What stands under a phone: of every number the patient had, unless somebody else has it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from exercises.models import PageLink, Patient, SignInCode
from exercises.services.erased import MARK
from notifications.erased_phones import keep_digest
from notifications.models import (
    ConsentEvent,
    ConsentOffer,
    InboundMessage,
    OutboundMessage,
    PhoneConsent,
)


def phones_of(patient: Patient) -> set[str]:
    """Every number that was ever the patient's here."""
    own = Q(patient=patient)
    consents = PhoneConsent.objects.filter(Q(events__patient=patient) | Q(people=patient))
    found = {str(patient.phone), *consents.values_list("phone", flat=True)}
    for rows, column in (
        (OutboundMessage.objects.filter(own), "to_phone"),
        (InboundMessage.objects.filter(own), "from_phone"),
        (PageLink.objects.filter(own), "phone"),
        (ConsentOffer.objects.filter(own), "phone"),
    ):
        found |= set(rows.values_list(column, flat=True).distinct().order_by())
    return {phone for phone in found if phone and not phone.startswith(MARK)}


def is_unread(phones: Collection[str]) -> bool:
    """Whether a text from one of them waits to be read."""
    unread = InboundMessage.objects.filter(
        from_phone__in=phones, state=InboundMessage.State.RECEIVED
    )
    return unread.exists()


def forget_phones(patient: Patient) -> None:
    """Leave digests in the place of the patient's numbers; who shares one loses nothing."""
    _keep_proof(patient)
    for phone in phones_of(patient):
        sharing = Patient.objects.filter(phone=phone).exclude(pk=patient.pk)
        there = set(sharing.values_list("clinic_id", flat=True))
        if not there:
            _forget_texts_of_nobody(phone)
        # Questions to both name both.
        OutboundMessage.objects.filter(to_phone=phone, wording="ask_who").update(names="", body="")
        SignInCode.objects.filter(phone=phone).exclude(clinic__in=there).delete()
        known = set(PhoneConsent.objects.filter(phone=phone).values_list("clinic_id", flat=True))
        for clinic_id in ({patient.clinic_id} | known) - there:
            keep_digest(phone, clinic_id)
    PhoneConsent.people.through.objects.filter(patient=patient.pk).delete()


def _keep_proof(patient: Patient) -> None:
    """Of a consent by text the words that were shown stay, without what the patient wrote."""
    taken = list(ConsentOffer.objects.filter(patient=patient).exclude(taken=None))
    for offer in taken:
        ConsentEvent.objects.filter(offer=offer).update(words=offer.words)
    own_words = ~Q(state=PhoneConsent.State.GRANTED) | Q(inbound__isnull=False)
    theirs = ConsentEvent.objects.filter(own_words, patient=patient)
    theirs.exclude(offer__in=taken).update(words="")


def _forget_texts_of_nobody(phone: str) -> None:
    """Texts from and to the phone that belong to no one patient: codes, and what nobody claimed."""
    InboundMessage.objects.filter(from_phone=phone, patient=None).update(from_phone="", body="")
    OutboundMessage.objects.filter(to_phone=phone, patient=None).update(
        to_phone="", names="", detail="", body=""
    )
    ConsentEvent.objects.filter(consent__phone=phone, patient=None).update(words="")
