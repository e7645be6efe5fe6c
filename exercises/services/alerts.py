"""Opening, acknowledging and escalating alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from exercises.models import Alert, Patient, Program, User
from exercises.rules.urgency import DANGER, Circle, Urgency, circles
from exercises.services.roles import require_clinician
from hep.errors import ConflictError, InvalidInputError

# What is urgent by itself; a red flag that nobody weighed is taken for the worst.
URGENT: dict[str, Urgency] = {
    Alert.Reason.RED_FLAG: Urgency.EMERGENCY,
    Alert.Reason.HARM: Urgency.SAME_DAY,
    Alert.Reason.WORST_PAIN: Urgency.SAME_DAY,
    Alert.Reason.SHARP_RISE: Urgency.SAME_DAY,
}
SEVERITY: dict[Urgency, str] = {
    Urgency.CRISIS: Alert.Severity.CRITICAL,
    Urgency.EMERGENCY: Alert.Severity.CRITICAL,
    Urgency.SAME_DAY: Alert.Severity.HIGH,
    Urgency.REVIEW: Alert.Severity.HIGH,
}
URGENCIES = list(Urgency)
LONGEST_DETAIL = 200
# A sign that comes again so long after the telling began is told to everybody from the start.
TELL_AGAIN_AFTER: dict[Urgency, timedelta] = {
    Urgency.CRISIS: timedelta(hours=1),
    Urgency.EMERGENCY: timedelta(hours=1),
    Urgency.SAME_DAY: timedelta(hours=4),
    Urgency.REVIEW: timedelta(hours=24),
}


@transaction.atomic
def open_alert(
    *,
    patient: Patient,
    program: Program | None,
    reason: str,
    now: datetime,
    detail: str = "",
    urgency: Urgency | None = None,
) -> Alert:
    """Open an alert, or count one more on the open one of the same program and reason.

    A more urgent one than the open one makes it more urgent, and everybody is told anew.
    """
    urgency = urgency or URGENT.get(reason)
    severity = _severity(reason, urgency)
    # Locked: whoever closes it at this moment closes it before, and then this one is new.
    alert, created = Alert.objects.select_for_update(of=("self",)).get_or_create(
        patient=patient,
        program=program,
        reason=reason,
        acknowledged_at=None,
        defaults={
            "severity": severity,
            "urgency": urgency or "",
            "detail": detail,
            "opened_at": now,
            "last_at": now,
            "told_from": now,
            **_told(patient, urgency, told_from=now, now=now),
        },
    )
    if not created:
        _count_again(alert, urgency, severity, detail=detail, now=now)
    return alert


def _count_again(
    alert: Alert, urgency: Urgency | None, severity: str, *, detail: str, now: datetime
) -> None:
    """One more on an open alert; the detail of the most urgent sign stays readable."""
    changed: dict[str, object] = {"times": F("times") + 1, "last_at": now}
    is_more = urgency is not None and _is_above(urgency, alert.urgency)
    # Figures give way to newer ones; signs add up, the most urgent first.
    is_another = urgency is not None and detail != "" and detail not in alert.detail
    if is_another:
        both = (detail, alert.detail) if is_more else (alert.detail, detail)
        changed["detail"] = "; ".join(filter(None, both))[:LONGEST_DETAIL]
    elif detail and urgency is None:
        changed["detail"] = detail
    if is_more:
        changed |= {"severity": severity, "urgency": urgency}
    tells_anew = is_more or (is_another and urgency in DANGER)
    if urgency is not None and (tells_anew or _tells_again(alert, urgency, now=now)):
        told = _told(alert.patient, urgency, told_from=now, now=now)
        changed |= {"told_from": now, "escalated_at": None, "circles_told": 0, **told}
        changed["told_round"] = F("told_round") + 1
    Alert.objects.filter(pk=alert.pk).update(**changed)
    alert.refresh_from_db()


def _tells_again(alert: Alert, urgency: Urgency, *, now: datetime) -> bool:
    """Whether the same sign, come again, is told from the start: who was told has done nothing."""
    since = alert.told_from or alert.opened_at
    return urgency == alert.urgency and now >= since + TELL_AGAIN_AFTER[urgency]


def _severity(reason: str, urgency: Urgency | None) -> str:
    """Of words by how urgent they are; a red flag nobody could weigh is critical."""
    if reason == Alert.Reason.RED_FLAG and urgency is not None:
        return SEVERITY[urgency]
    return Alert.SEVERITY[reason]


def _is_above(urgency: Urgency, known: str) -> bool:
    return not known or URGENCIES.index(urgency) < URGENCIES.index(Urgency(known))


def _told(
    patient: Patient, urgency: Urgency | None, *, told_from: datetime, now: datetime
) -> dict[str, object]:
    """How many circles are due at `now` for what is urgent since `told_from`, and the next."""
    if urgency is None:
        return {"deadline": None, "circles_due": 1}
    times = [at for _, at in circles(urgency, opened_at=told_from, hours=patient.clinic.hours)]
    due = sum(at <= now for at in times)
    return {"deadline": times[due] if due < len(times) else None, "circles_due": due}


@transaction.atomic
def acknowledge(*, alert: Alert, by: User, note: str, now: datetime) -> Alert:
    """Close an alert with a note. Raises InvalidInputError without a note, ConflictError when
    somebody was faster, PermissionDenied for an assistant where closing lets exercises go on
    (promise 18). After silence it also starts asking again.
    """
    if alert.reason in Alert.HOLDS:
        require_clinician(by, alert.patient.clinic)
    if not note.strip():
        message = "Write a word on what you found or did."
        raise InvalidInputError("note", message, code="required")
    closed = Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_by=by, note=note.strip()
    )
    if not closed:
        raise ConflictError("note", "Somebody has closed this alert already.", code="closed")
    alert.refresh_from_db()
    if alert.reason == Alert.Reason.TEXTS_STOPPED and alert.program_id:
        Program.objects.filter(pk=alert.program_id).update(heard_at=now)
    return alert


def circles_to_tell(alert: Alert) -> Sequence[Circle]:
    """Who is due to be told of `alert` and was not; without urgency, whoever is responsible."""
    asked = [Circle.ASSIGNER]
    if alert.urgency:
        since = alert.told_from or alert.opened_at
        hours = alert.patient.clinic.hours
        asked = [row for row, _ in circles(Urgency(alert.urgency), opened_at=since, hours=hours)]
    return asked[alert.circles_told : alert.circles_due]


def escalate(*, now: datetime) -> Sequence[Alert]:
    """The alerts that nobody closed in time; the next circle of each is due to be told."""
    with transaction.atomic():
        late = list(
            Alert.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(acknowledged_at=None, deadline__lte=now)
            .select_related("patient__clinic")
            .order_by("deadline")[:100]
        )
        for alert in late:
            since = alert.told_from or alert.opened_at
            # An older release wrote deadlines without an urgency; one such row stopped every mail.
            urgency = Urgency(alert.urgency or URGENT.get(alert.reason, Urgency.SAME_DAY))
            told = _told(alert.patient, urgency, told_from=since, now=now)
            alert.escalated_at = alert.escalated_at or now
            for name, value in told.items():
                setattr(alert, name, value)
        Alert.objects.bulk_update(late, ["escalated_at", "deadline", "circles_due"])
    return late
