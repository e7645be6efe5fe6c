"""The clinic's inbox: what patients wrote in words stands there until a person has handled it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from exercises.models import Alert, Clinic, Patient, Program, User
from exercises.rules.urgency import after_working
from exercises.services.alerts import acknowledge, open_alert
from hep.errors import InvalidInputError
from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.words import is_for_a_person
from notifications.models import ClinicTexting, InboundMessage, InboxItem, OutboundMessage

logger = logging.getLogger(__name__)

AT_ONCE = 100
MOST_OF_A_STRANGER = 5
# An answer that was taken back, skipped or refused; a day or two later it has long come to an end.
NOT_THERE = (
    OutboundMessage.Status.SKIPPED,
    OutboundMessage.Status.FAILED,
    OutboundMessage.Status.UNDELIVERED,
)
LOOK_BACK = timedelta(days=3)
# A clinic without a row of its own, as the field has it.
ANSWER_WITHIN = 8
Why = InboxItem.Why


def stand_unread(
    inbound: InboundMessage,
    reply: Reply | None,
    patients: Sequence[Patient],
    *,
    now: datetime,
    always: bool = False,
) -> None:
    """Keep `inbound` for the clinics of `patients` if it holds something for a person, once each.

    `reply` is None for a text that could not be read, which always does; so does what was written
    in the app, where commands and numbers have their own buttons, or only the clinic can do
    (`always`).
    """
    is_picture = inbound.media_count > 0
    names = tuple(patient.first_name for patient in patients)
    for_sure = always or is_picture
    if reply is not None and not for_sure and not is_for_a_person(inbound.body, reply, names=names):
        return
    why = _why(reply, is_picture=is_picture, inbound=inbound)
    for clinic in {patient.clinic_id: patient.clinic for patient in patients}.values():
        own = [patient for patient in patients if patient.clinic_id == clinic.pk]
        _stand(inbound, clinic, own[0] if len(own) == 1 else None, why, now=now)


def stand_of_stranger(inbound: InboundMessage, reply: Reply, *, now: datetime) -> None:
    """Keep words from a phone that no patient has, for the clinic whose own number was written to:
    it may be a patient's new phone. Of a number that several clinics have nobody can tell, and of
    one phone at most so many a day are kept for somebody to read.
    """
    clinics = list(Clinic.objects.filter(texting__sender__phone=inbound.to_phone)[:2])
    if len(clinics) != 1 or not is_for_a_person(inbound.body, reply):
        return
    lately = InboxItem.objects.filter(
        inbound__from_phone=inbound.from_phone, arrived_at__gt=now - timedelta(days=1)
    )
    is_urgent = reply.flags or reply.doubtful
    if is_urgent or lately.count() < MOST_OF_A_STRANGER:
        why = _why(reply, is_picture=inbound.media_count > 0, inbound=inbound)
        _stand(inbound, clinics[0], None, why, now=now)


def _stand(
    inbound: InboundMessage, clinic: Clinic, patient: Patient | None, why: str, *, now: datetime
) -> None:
    InboxItem.objects.get_or_create(
        inbound=inbound,
        clinic=clinic,
        defaults={
            "patient": patient,
            "why": why,
            "arrived_at": inbound.received_at,
            "answer_by": _answer_by(clinic, since=min(inbound.received_at, now)),
        },
    )


def _why(reply: Reply | None, *, is_picture: bool, inbound: InboundMessage) -> str:
    if reply is not None and reply.flags:
        return Why.RED_FLAG
    if reply is not None and (reply.doubtful or reply.kind is Kind.OPT_OUT):
        return Why.OPT_OUT
    if inbound.state == InboundMessage.State.PARKED:
        return Why.UNREADABLE
    if is_picture:
        return Why.PICTURE
    return Why.ASKED_AGAIN if reply is not None and reply.kind is Kind.CLARIFY else Why.WORDS


def _answer_by(clinic: Clinic, *, since: datetime) -> datetime:
    texting = ClinicTexting.objects.filter(clinic=clinic.pk).first()
    open_hours = timedelta(hours=texting.answer_within if texting else ANSWER_WITHIN)
    return after_working(open_hours, since=since, hours=clinic.hours)


def belongs_to(inbound: InboundMessage, patient: Patient) -> None:
    """A later text told whose `inbound` is: it stands with that patient, and in no other clinic."""
    items = InboxItem.objects.filter(inbound=inbound)
    if items.filter(clinic=patient.clinic_id).update(patient=patient):
        items.exclude(clinic=patient.clinic_id).filter(handled_at=None).delete()


def mark_read(item: InboxItem, *, by: User, now: datetime) -> None:
    """Somebody has opened it; it is still to be handled."""
    rows = InboxItem.objects.filter(pk=item.pk, read_at=None)
    if rows.update(read_at=now, read_by=by):
        item.read_at, item.read_by = now, by


def take(item: InboxItem, *, by: User) -> None:
    """Take care of it oneself. Raises InvalidInputError when a colleague does already."""
    free = InboxItem.objects.filter(Q(assigned_to=None) | Q(assigned_to=by), pk=item.pk)
    if not free.update(assigned_to=by):
        raise InvalidInputError("assigned_to", "A colleague takes care of it.", code="invalid")


def assign(item: InboxItem, *, to: User | None) -> None:
    """Say who takes care of it. Raises InvalidInputError for who does not work in the clinic."""
    if to is not None and not to.providers.filter(clinic=item.clinic_id).exists():
        raise InvalidInputError("assigned_to", "They do not work in this clinic.", code="invalid")
    InboxItem.objects.filter(pk=item.pk).update(assigned_to=to)
    item.assigned_to = to


@transaction.atomic
def settle(
    items: QuerySet[InboxItem], *, by: User, now: datetime, answer: OutboundMessage | None = None
) -> int:
    """Handle what is open of `items`; returns how many. The alert that asked for them is closed."""
    waiting = items.filter(handled_at=None)
    locked = waiting.select_for_update(of=("self",)).order_by("pk")
    keys = list(locked.values_list("pk", flat=True))
    rows = InboxItem.objects.filter(pk__in=keys)
    rows.filter(read_at=None).update(read_at=now, read_by=by)
    rows.update(handled_at=now, handled_by=by, answer=answer)
    alerted = rows.filter(alerted_at__isnull=False).select_related("inbound")
    for patient in {patient for item in alerted for patient in _patients_of(item)}:
        _close_alert(patient, by=by, now=now)
    return len(keys)


def refuse_answered(items: QuerySet[InboxItem], *, by: User) -> None:
    """Raises InvalidInputError at `body` when somebody else has answered one of `items`: two
    answers to one question may not agree. The rows stay locked for whoever answers now.
    """
    rows = items.select_for_update(of=("self",)).order_by("pk")
    for item in rows:
        if item.answer_id is not None and item.handled_by_id != by.pk:
            who = item.handled_by or "Somebody"
            message = f"{who} has answered since. Read it above, then send yours if it adds to it."
            raise InvalidInputError("body", message, code="sent_already")


def put_back_unanswered(*, now: datetime) -> int:
    """Back to the list what was handled by an answer that never arrived; returns how many."""
    lately = InboxItem.objects.filter(handled_at__gt=now - LOOK_BACK, answer__status__in=NOT_THERE)
    return lately.update(handled_at=None, handled_by=None, answer=None, alerted_at=None)


def open_again(item: InboxItem) -> None:
    """It was handled by mistake: back to the list, read."""
    InboxItem.objects.filter(pk=item.pk).update(
        handled_at=None, handled_by=None, answer=None, alerted_at=None
    )
    item.handled_at, item.handled_by, item.answer = None, None, None


def _close_alert(patient: Patient, *, by: User, now: datetime) -> None:
    # What nobody can tell apart may be this patient's too.
    unclear = Q(patient=None, inbound__from_phone=patient.phone, clinic=patient.clinic_id)
    still = InboxItem.objects.filter(
        Q(patient=patient) | unclear, handled_at=None, alerted_at__isnull=False
    )
    alerts = Alert.objects.select_for_update().filter(
        patient=patient, reason=Alert.Reason.UNANSWERED, acknowledged_at=None
    )
    if still.exists():
        return
    for alert in alerts:
        acknowledge(alert=alert, by=by, note="Handled in the inbox.", now=now)


def alert_overdue(*, now: datetime) -> int:
    """Open an alert for what nobody handled within the clinic's time; returns how many items.

    One that fails is logged and passed, and holds up none behind it.
    """
    put_back_unanswered(now=now)
    overdue = InboxItem.objects.filter(handled_at=None, alerted_at=None, answer_by__lte=now)
    keys = list(overdue.order_by("answer_by").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_alert_safely(key, now=now) for key in keys)


def _alert_safely(key: UUID, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _alert(key, now=now)
    except Exception:  # one bad row must not hide those behind it
        logger.exception("no alert for inbox=%s", key)
        return False


def _alert(key: UUID, *, now: datetime) -> bool:
    item = (
        InboxItem.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=key, handled_at=None, alerted_at=None)
        .select_related("inbound")
        .first()
    )
    if item is None:
        return False
    for patient in _patients_of(item):
        program = patient.programs.exclude(status=Program.Status.ENDED).first()
        open_alert(patient=patient, program=program, reason=Alert.Reason.UNANSWERED, now=now)
    InboxItem.objects.filter(pk=item.pk).update(alerted_at=now)
    return True


def _patients_of(item: InboxItem) -> QuerySet[Patient]:
    """The patient, or everybody of the clinic with this phone while it is not clear who wrote; once
    nobody has it any more, those it was of when they were texted there.
    """
    patients = Patient.objects.select_related("clinic")
    if item.patient_id:
        return patients.filter(pk=item.patient_id)
    of_clinic, phone = patients.filter(clinic=item.clinic_id), item.inbound.from_phone
    now_there = of_clinic.filter(phone=phone)
    if now_there.exists():
        return now_there
    texted = OutboundMessage.objects.filter(to_phone=phone, clinic=item.clinic_id)
    return of_clinic.filter(pk__in=texted.values("patient"))
