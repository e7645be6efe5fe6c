"""From an alert to the people who must know: a row for each e-mail, then the e-mail.

It names neither the patient nor the reason, only the clinic and a link: a mailbox is no place for
health (promise 22).
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse

from exercises.models import Alert, Provider, User
from exercises.rules.urgency import Circle, Urgency
from exercises.services.alerts import circles_to_tell, escalate
from notifications.models import AlertEmail

logger = logging.getLogger(__name__)

# Low alerts stand in the list; a mail for each would teach people to ignore mails.
MAILED = (Alert.Severity.CRITICAL, Alert.Severity.HIGH)
AT_ONCE = 50
# An alert that nobody could be told of for so long is found in the list.
GIVE_UP_AFTER = timedelta(days=2)
RETRY_AFTER = timedelta(minutes=5)
# How long a tick mails: less than its lane allows, with room for one that hangs until its timeout.
MAILING_SECONDS = 20.0
SEVERITY_RANK = Case(
    When(alert__severity=Alert.Severity.CRITICAL, then=Value(0)),
    When(alert__severity=Alert.Severity.HIGH, then=Value(1)),
    default=Value(2),
)
URGENCY_RANK = Case(
    *(When(alert__urgency=urgency, then=Value(rank)) for rank, urgency in enumerate(Urgency)),
    default=Value(len(Urgency)),
)
SUBJECT = {
    AlertEmail.Kind.OPENED: "A patient of {clinic} needs a look",
    AlertEmail.Kind.ESCALATED: "Nobody has looked yet: a patient of {clinic}",
    AlertEmail.Kind.LAST: "Still nobody has looked: a patient of {clinic}",
}
# In front of the subject: how soon.
HOW_SOON: dict[str, str] = {
    Urgency.CRISIS: "At once: ",
    Urgency.EMERGENCY: "At once: ",
    Urgency.SAME_DAY: "Today: ",
}
BODY = """A patient of {clinic} needs somebody to look.

Open it here and close it with a note:
{url}

This message has no health details on purpose. Please do not reply to it.
"""


def tell_providers(*, now: datetime) -> int:
    """Write the e-mails that alerts call for, then send what is due; returns how many were sent."""
    for alert in escalate(now=now):
        logger.warning("escalated alert=%s", alert.pk)
    _write_due(now=now)
    return _send(now=now)


@transaction.atomic
def _write_due(*, now: datetime) -> None:
    """A row for each person of the circles that are due and were not told.

    An alert without deadlines that is older than two days is found in the list.
    """
    recent = Q(opened_at__gt=now - GIVE_UP_AFTER) | ~Q(urgency="")
    alerts = (
        Alert.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            recent, acknowledged_at=None, severity__in=MAILED, circles_told__lt=F("circles_due")
        )
        .select_related("program", "patient__clinic")
        .order_by("opened_at")[:AT_ONCE]
    )
    for alert in alerts:
        circles = circles_to_tell(alert)
        people = {user for row in circles for user in _people(alert, row)}
        _write(alert, sorted(people, key=lambda user: user.pk), _kind(alert, circles), now=now)
        Alert.objects.filter(pk=alert.pk).update(circles_told=alert.circles_due)


def _kind(alert: Alert, circles: Collection[Circle]) -> AlertEmail.Kind:
    """Each time of asking has its own: nobody is left out because they were asked before."""
    if not alert.circles_told:
        return AlertEmail.Kind.OPENED
    is_last = Circle.SECOND_CONTACT in circles
    return AlertEmail.Kind.LAST if is_last else AlertEmail.Kind.ESCALATED


def _write(
    alert: Alert, recipients: Collection[User], kind: AlertEmail.Kind, *, now: datetime
) -> None:
    AlertEmail.objects.bulk_create(
        [
            AlertEmail(
                alert=alert,
                recipient=user,
                kind=kind,
                urgency=alert.urgency,
                told_round=alert.told_round,
                not_before=now,
            )
            for user in recipients
        ],
        ignore_conflicts=True,
    )


def _people(alert: Alert, circle: Circle) -> list[User]:
    """Who a circle is: whoever assigned the program if they still work there, the clinicians, or
    the second contact; a clinic without one has its admins, and without those its clinicians.
    """
    clinicians = _team(alert, roles=[Provider.Role.PROVIDER, Provider.Role.CLINIC_ADMIN])
    if circle is Circle.ASSIGNER:
        assigned_by = alert.program.assigned_by_id if alert.program else None
        return [user for user in clinicians if user.pk == assigned_by] or clinicians
    if circle is Circle.TEAM:
        return clinicians
    second = alert.patient.clinic.second_contact_id
    # Who has left the clinic is not told about its patients any more.
    there = [user for user in _team(alert, roles=Provider.Role.values) if user.pk == second]
    return there or _team(alert, roles=[Provider.Role.CLINIC_ADMIN]) or clinicians


def _team(alert: Alert, *, roles: Collection[str]) -> list[User]:
    members = User.objects.filter(
        is_active=True, providers__clinic=alert.patient.clinic_id, providers__role__in=roles
    )
    return list(members.distinct().order_by("pk"))


def _send(*, now: datetime) -> int:
    """Send what is due, one by one over one connection; returns how many were sent.

    No transaction is open meanwhile, a mail that fails holds up none behind it, and after
    `MAILING_SECONDS` the rest waits for the next tick: a mail server may hang on each.
    """
    deadline = time.monotonic() + MAILING_SECONDS
    sent = 0
    server = get_connection()
    with contextlib.closing(server):
        while time.monotonic() < deadline and (email := _claim_next(now=now)) is not None:
            try:
                _send_one(email, server)
            except Exception as error:  # noqa: BLE001  # one bad mail must not hide those behind it
                logger.warning("e-mail=%s was not sent: %s", email.pk, type(error).__name__)
                # What is said next must not land in the middle of what went wrong.
                server.close()
                continue
            AlertEmail.objects.filter(pk=email.pk).update(sent_at=now)
            sent += 1
    return sent


@transaction.atomic
def _claim_next(*, now: datetime) -> AlertEmail | None:
    """The most severe mail that is due, with its try counted: a worker that dies after this leaves
    it to be tried again, later each time, behind those that were not tried yet.

    Looked at when it leaves: an alert that was closed asks for nobody, and who has left the clinic
    since is not told about its patients.
    """
    works_there = Provider.objects.filter(
        user=OuterRef("recipient"), clinic=OuterRef("alert__patient__clinic")
    )
    due = AlertEmail.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Exists(works_there),
        sent_at=None,
        not_before__lte=now,
        alert__acknowledged_at=None,
        recipient__is_active=True,
    )
    email = (
        due.select_related("alert__patient__clinic", "recipient")
        .order_by(URGENCY_RANK, SEVERITY_RANK, "not_before", "pk")
        .first()
    )
    if email is not None:
        email.tries += 1
        email.not_before = now + RETRY_AFTER * email.tries
        email.save(update_fields=["tries", "not_before"])
    return email


def _send_one(email: AlertEmail, server: Any) -> None:
    clinic = email.alert.patient.clinic.short_name
    how_soon = HOW_SOON.get(email.urgency, "")
    path = reverse("admin:exercises_alert_change", args=[email.alert_id])
    send_mail(
        how_soon + SUBJECT[AlertEmail.Kind(email.kind)].format(clinic=clinic),
        BODY.format(clinic=clinic, url=f"{settings.PUBLIC_BASE_URL}{path}"),
        None,
        [email.recipient.email or ""],
        connection=server,
    )
