"""Who may be texted: one state per phone and clinic, and every change as an event."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from exercises.models import Patient, User
from exercises.rules.hours import next_texting_time
from exercises.services.people import refuse_removed
from notifications import erased_phones, outbox
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, PhoneConsent

State = PhoneConsent.State
AT_CARRIER = "(opted out at the carrier, error 21610)"
STOPPED = {
    ConsentEvent.How.APP: "Stopped in the app",
    ConsentEvent.How.WEB: "Stopped on the patient's own page",
}


def states(*, phones: Collection[str], clinics: Collection[int]) -> dict[tuple[str, int], str]:
    """Consent by (phone in E.164, clinic id); a missing key means none. One query."""
    rows = PhoneConsent.objects.filter(phone__in=phones, clinic__in=clinics)
    return {
        (phone, clinic_id): state
        for phone, clinic_id, state in rows.values_list("phone", "clinic_id", "state")
    }


def agreed(*, phones: Collection[str], patients: Collection[UUID]) -> set[tuple[str, UUID]]:
    """Who of `patients` (ids) agreed to be texted at which of `phones`. One query."""
    rows = PhoneConsent.people.through.objects.filter(
        phoneconsent__phone__in=phones, patient__in=patients
    )
    return set(rows.values_list("phoneconsent__phone", "patient_id"))


def agreed_at(phones: Collection[str]) -> set[tuple[str, int]]:
    """At which clinics (ids) somebody agreed to be texted at which of `phones`. One query."""
    rows = PhoneConsent.people.through.objects.filter(phoneconsent__phone__in=phones)
    return set(rows.values_list("phoneconsent__phone", "phoneconsent__clinic_id"))


def of_patients() -> Subquery:
    """The state of each patient of an outer query at the phone they have now; NULL without one.

    Granted only for who agreed at this number: its last owner's word is none of theirs.
    """
    consents = PhoneConsent.objects.filter(phone=OuterRef("phone"), clinic=OuterRef("clinic"))
    theirs = Q(people=OuterRef("pk")) | ~Q(state=State.GRANTED)
    return Subquery(consents.filter(theirs).values("state")[:1])


def of(patient: Patient) -> str | None:
    """The state of one patient's phone, as `of_patients`. One query."""
    rows = Patient.objects.filter(pk=patient.pk).annotate(consent=of_patients())
    return rows.values_list("consent", flat=True).first()


def history(patient: Patient) -> QuerySet[ConsentEvent]:
    """Changes of consent at the patient's clinic and phone: what this person said, and every
    opt-out and hold, whoever of the phone it was. For whoever may see the patient.
    """
    phone = PhoneConsent.objects.filter(phone=str(patient.phone), clinic=patient.clinic_id)
    theirs = Q(consent__in=phone.filter(people=patient.pk)) | Q(patient=patient)
    stops = ~Q(state=State.GRANTED)
    return ConsentEvent.objects.filter(theirs | stops, consent__in=phone)


def has_stopped_since(phone: str, at: datetime) -> bool:
    """Whether texts to `phone` were ended or held later than `at`: what was said last wins, also
    where it was read first.
    """
    later = ConsentEvent.objects.filter(consent__phone=phone, created_at__gt=at)
    return later.exclude(state=State.GRANTED).exists()


@transaction.atomic
def record_consent(
    *,
    patient: Patient,
    how: str,
    words: str,
    words_version: str = "",
    recorded_by: User | None,
    now: datetime,
    confirm: bool = True,
    inbound: InboundMessage | None = None,
) -> ConsentEvent:
    """Keep that `patient` agreed to texts, with the words shown. Also resumes after an opt-out.

    With `confirm` the patient gets one text that says so, at the next hour that suits. `inbound`:
    the patient's own text that says it.
    """
    refuse_removed(Patient.objects.get(pk=patient.pk), "patient")
    phone, clinic_id = str(patient.phone), patient.clinic_id
    erased_phones.bring_back(phone, clinic_id)
    known = PhoneConsent.objects.filter(phone=phone, clinic=clinic_id)
    had_ended = known.exclude(state=State.GRANTED).exists()
    consent, _ = PhoneConsent.objects.update_or_create(
        phone=phone, clinic_id=clinic_id, defaults={"state": State.GRANTED}
    )
    if had_ended:
        # Whoever stopped the texts has not agreed again by the word of somebody else.
        consent.people.clear()
    consent.people.add(patient)
    event = ConsentEvent.objects.create(
        consent=consent,
        patient=patient,
        state=State.GRANTED,
        how=how,
        words=words,
        words_version=words_version,
        recorded_by=recorded_by,
        inbound=inbound,
        created_at=now,
    )
    if confirm:
        due_at = next_texting_time(now, patient.zone, patient.texting_hours)
        outbox.add_confirmation(event=event, patient=patient, due_at=due_at)
    return event


@transaction.atomic
def opt_out(*, inbound: InboundMessage, patients: Collection[Patient], now: datetime) -> bool:
    """Stop every text to the phone, at every clinic, for every patient who shares it.

    Also for a phone that never agreed: the refusal is on record before anybody asks. False when
    nothing changed: the phone had opted out already.
    """
    phone = inbound.from_phone
    clinics = {patient.clinic_id for patient in patients}
    rows = PhoneConsent.objects.filter(phone=phone).values_list("clinic_id", "state")
    known = dict(rows)
    changed = [
        clinic_id
        for clinic_id in sorted(clinics | set(known))
        if known.get(clinic_id) != State.REVOKED
    ]
    for clinic_id in changed:
        _change_by_text(clinic_id, inbound, State.REVOKED, now=now)
    outbox.skip_phone(phone, OutboundMessage.SkipReason.OPTED_OUT)
    return bool(changed)


@transaction.atomic
def stop_in_app(
    *,
    patient: Patient,
    by: User,
    now: datetime,
    how: ConsentEvent.How = ConsentEvent.How.APP,
) -> None:
    """Stop every text to the patient's phone, as STOP does: everywhere, for all who share it.

    `how` is APP, or WEB for the patient's own page.
    """
    phone = str(patient.phone)
    sharing = Patient.objects.filter(phone=phone).values_list("clinic_id", flat=True)
    known = PhoneConsent.objects.filter(phone=phone).values_list("clinic_id", flat=True)
    for clinic_id in sorted({*sharing, *known}):
        consent, _ = PhoneConsent.objects.get_or_create(
            phone=phone, clinic_id=clinic_id, defaults={"state": State.HELD}
        )
        changed = PhoneConsent.objects.filter(pk=consent.pk).exclude(state=State.REVOKED)
        if changed.update(state=State.REVOKED, updated_at=now):
            ConsentEvent.objects.create(
                consent=consent,
                patient=patient,
                state=State.REVOKED,
                how=how,
                words=STOPPED[how],
                recorded_by=by,
                created_at=now,
            )
    outbox.skip_phone(phone, OutboundMessage.SkipReason.OPTED_OUT)


@transaction.atomic
def opt_out_at_carrier(*, phone: str, now: datetime) -> None:
    """Twilio knows of an opt-out that never reached us (21610): ours follows, everywhere."""
    for consent in PhoneConsent.objects.select_for_update().filter(phone=phone).order_by("pk"):
        if consent.state == State.GRANTED:
            consent.state = State.REVOKED
            consent.save(update_fields=["state", "updated_at"])
            ConsentEvent.objects.create(
                consent=consent,
                state=State.REVOKED,
                how=ConsentEvent.How.SMS,
                words=AT_CARRIER,
                created_at=now,
            )
    outbox.skip_phone(phone, OutboundMessage.SkipReason.OPTED_OUT)


def carrier_stopped(phone: str, *, by_carrier: Callable[[InboundMessage], bool]) -> bool:
    """Whether the last opt-out of `phone` was one that Twilio acted on too."""
    stops = ConsentEvent.objects.filter(consent__phone=phone, state=State.REVOKED)
    last = stops.select_related("inbound").order_by("-created_at", "-pk").first()
    if last is None:
        return False
    return by_carrier(last.inbound) if last.inbound else last.words == AT_CARRIER


@transaction.atomic
def opt_in(*, inbound: InboundMessage, patients: Collection[Patient], now: datetime) -> bool:
    """Resume texts to the phone after an opt-out: START is the patient's own written word.

    It makes no consent where there was none, ends no hold, and undoes no opt-out that came after it
    but was read before. False: nothing to do.
    """
    clinics = {patient.clinic_id for patient in patients}
    newer = InboundMessage.objects.filter(
        from_phone=inbound.from_phone,
        received_at__gt=inbound.received_at,
        reading=InboundMessage.Reading.OPT_OUT,
    )
    agreed_once = ConsentEvent.objects.filter(consent=OuterRef("pk"), state=State.GRANTED)
    revoked = PhoneConsent.objects.filter(
        ~Exists(newer),
        Exists(agreed_once),
        phone=inbound.from_phone,
        clinic__in=clinics,
        state=State.REVOKED,
    )
    closed = sorted(revoked.values_list("clinic_id", flat=True))
    for clinic_id in closed:
        _change_by_text(clinic_id, inbound, State.GRANTED, now=now)
    return bool(closed)


@transaction.atomic
def hold(*, inbound: InboundMessage, patients: Collection[Patient], now: datetime) -> bool:
    """Text nothing to the phone until somebody has looked: the words may be an opt-out. False when
    nothing was granted, or it was on hold already.
    """
    known = states(phones={inbound.from_phone}, clinics={patient.clinic_id for patient in patients})
    granted = [
        clinic_id for (_, clinic_id), state in sorted(known.items()) if state == State.GRANTED
    ]
    for clinic_id in granted:
        _change_by_text(clinic_id, inbound, State.HELD, now=now)
    return bool(granted)


@transaction.atomic
def decide(*, consent: PhoneConsent, may_text: bool, by: User, now: datetime) -> bool:
    """End a hold as somebody read it, or consent as the patient told the clinic. False when there
    is nothing of that to end.
    """
    state = State.GRANTED if may_text else State.REVOKED
    ends = {State.HELD} if may_text else {State.HELD, State.GRANTED}
    row = PhoneConsent.objects.select_for_update().filter(pk=consent.pk, state__in=ends).first()
    if row is None:
        return False
    was_held = row.state == State.HELD
    PhoneConsent.objects.filter(pk=row.pk).update(state=state, updated_at=now)
    read = "Read as no opt-out" if may_text else "Read as an opt-out"
    ConsentEvent.objects.create(
        consent=consent,
        state=state,
        how=ConsentEvent.How.STAFF,
        words=read if was_held else "Told the clinic to stop",
        recorded_by=by,
        created_at=now,
    )
    if not may_text:
        outbox.skip_phone(consent.phone, OutboundMessage.SkipReason.OPTED_OUT)
    return True


def _change_by_text(clinic_id: int, inbound: InboundMessage, state: str, *, now: datetime) -> None:
    consent, _ = PhoneConsent.objects.update_or_create(
        phone=inbound.from_phone, clinic_id=clinic_id, defaults={"state": state}
    )
    if state == State.GRANTED:
        consent.people.add(*_whose_word(consent))
    ConsentEvent.objects.create(
        consent=consent,
        state=state,
        how=ConsentEvent.How.APP if inbound.is_from_app else ConsentEvent.How.SMS,
        words=inbound.body,
        inbound=inbound,
        created_at=now,
    )


def _whose_word(consent: PhoneConsent) -> list[Patient]:
    """Whom START from a phone is for: the one patient who has it; of several those who agreed
    before, since nobody agrees for somebody else.
    """
    sharing = Patient.objects.filter(phone=consent.phone, clinic=consent.clinic_id)
    granted = ConsentEvent.objects.filter(consent=consent, state=State.GRANTED)
    found = list(sharing[:2])
    return found if len(found) == 1 else list(sharing.filter(pk__in=granted.values("patient")))
