"""E-mails about alerts: one by one, the worst first, none in the way of another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db.models import F

from exercises.models import Alert, Clinic, Patient, Provider, User
from exercises.rules.urgency import Urgency
from exercises.services.alerts import acknowledge, open_alert
from notifications import alerts
from notifications.models import AlertEmail
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.wave import MuteMailServer

pytestmark = pytest.mark.django_db
LATER = CHECK_IN_AT + timedelta(minutes=1)


def alert_of(patient: Patient, reason: str = "red_flag") -> Alert:
    return open_alert(patient=patient, program=None, reason=reason, detail="", now=CHECK_IN_AT)


def unsent() -> set[UUID]:
    return set(AlertEmail.objects.filter(sent_at=None).values_list("alert_id", flat=True))


def test_a_mail_that_cannot_be_written_holds_up_none_behind_it(
    maria: Patient, alice: User, bob: User
) -> None:
    """A line break in a clinic's name once stopped the mails of every clinic."""
    Clinic.objects.filter(pk=maria.clinic_id).update(short_name="Bay\nFoot")
    hill = Clinic.objects.get(providers__user=bob)
    bad = alert_of(maria)
    good = alert_of(factories.PatientFactory.create(clinic=hill))
    assert alerts.tell_providers(now=LATER) == 1
    assert [sent.to for sent in mail.outbox] == [["bob@example.org"]]
    assert unsent() == {bad.pk}
    assert good.pk not in unsent()


def test_the_worst_goes_first(maria: Patient, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    high = alert_of(maria, "silent_7")
    critical = alert_of(maria, "red_flag")
    assert high.opened_at == critical.opened_at
    order: list[UUID] = []
    real = alerts._send_one

    def note(email: AlertEmail, server: Any) -> None:
        order.append(email.alert_id)
        real(email, server)

    monkeypatch.setattr(alerts, "_send_one", note)
    alerts.tell_providers(now=LATER)
    assert order == [critical.pk, high.pk]


def test_a_failed_mail_is_tried_again_later_each_time(
    maria: Patient, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert_of(maria, "silent_7")

    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", refuse)
        for minutes, tries in ((1, 1), (5, 1), (6, 2), (15, 2), (16, 3)):
            assert alerts.tell_providers(now=CHECK_IN_AT + timedelta(minutes=minutes)) == 0
            assert AlertEmail.objects.get().tries == tries, minutes
    assert alerts.tell_providers(now=CHECK_IN_AT + timedelta(minutes=31)) == 1
    assert alerts.tell_providers(now=CHECK_IN_AT + timedelta(minutes=90)) == 0


def test_a_server_that_never_speaks_costs_one_tick_its_time_and_no_more(
    maria: Patient, alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten mails of a second each, and a tick that mails for two: the others wait untried."""
    for _ in range(10):
        alert_of(factories.PatientFactory.create(clinic=maria.clinic))
    server = MuteMailServer()
    server.is_mute = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 1
    monkeypatch.setattr(alerts, "MAILING_SECONDS", 2.0)
    try:
        assert alerts.tell_providers(now=LATER) == 0
    finally:
        server.close()
    tried = AlertEmail.objects.filter(tries__gt=0).count()
    assert 1 <= tried <= 3
    assert AlertEmail.objects.filter(tries=0, not_before__lte=LATER).count() == 10 - tried


@pytest.mark.parametrize(
    ("urgency", "hours", "again"),
    [
        (Urgency.EMERGENCY, 0.5, False),
        (Urgency.EMERGENCY, 1, True),
        (Urgency.CRISIS, 1, True),
        (Urgency.SAME_DAY, 2, False),
        (Urgency.SAME_DAY, 4, True),
        (Urgency.REVIEW, 5, False),
        (Urgency.REVIEW, 30, True),
    ],
)
def test_a_sign_that_comes_again_on_an_open_alert_is_told_again(
    maria: Patient, alice: User, urgency: Urgency, hours: float, again: bool
) -> None:
    def flag(now: datetime) -> Alert:
        return open_alert(
            patient=maria, program=None, reason="red_flag", urgency=urgency, detail="", now=now
        )

    first = flag(CHECK_IN_AT)
    alerts.tell_providers(now=LATER)
    told = len(mail.outbox)
    assert told
    later = CHECK_IN_AT + timedelta(hours=hours)
    alert = flag(later)
    assert (alert.pk, alert.times) == (first.pk, 2)
    # What is due by then anyway, because nobody closed it, is not what is asked for here.
    Alert.objects.filter(told_round=0).update(circles_told=F("circles_due"), deadline=None)
    alerts.tell_providers(now=later + timedelta(minutes=1))
    assert (len(mail.outbox) > told) == again
    # And not with each text: the telling has just begun.
    more = len(mail.outbox)
    flag(later + timedelta(minutes=2))
    alerts.tell_providers(now=later + timedelta(minutes=3))
    assert len(mail.outbox) == more


def test_a_mail_of_an_alert_that_was_closed_does_not_leave(maria: Patient, alice: User) -> None:
    alert = alert_of(maria)
    alerts._write_due(now=LATER)
    acknowledge(alert=alert, by=alice, note="Called.", now=LATER)
    assert alerts.tell_providers(now=LATER) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("gone", ["role", "account"])
def test_who_left_meanwhile_is_told_nothing(maria: Patient, alice: User, gone: str) -> None:
    alert_of(maria)
    alerts._write_due(now=LATER)
    assert AlertEmail.objects.filter(recipient=alice).exists()
    if gone == "role":
        Provider.objects.filter(user=alice).delete()
    else:
        User.objects.filter(pk=alice.pk).update(is_active=False)
    alerts.tell_providers(now=LATER)
    assert mail.outbox == []


@pytest.mark.parametrize("role", [Provider.Role.PROVIDER, Provider.Role.CLINIC_ADMIN])
def test_nobody_is_left_out_at_the_last_call_because_they_were_asked_before(
    maria: Patient, alice: User, role: str
) -> None:
    """A clinic of one, or one whose second contact is of the team: asked again, not once for all."""
    Provider.objects.filter(user=alice).update(role=role)
    alert = open_alert(
        patient=maria, program=None, reason="red_flag", urgency=Urgency.CRISIS, now=CHECK_IN_AT
    )
    for minutes in (0, 15, 30, 31):
        alerts.tell_providers(now=CHECK_IN_AT + timedelta(minutes=minutes))
    assert [sent.to for sent in mail.outbox] == [[alice.email]] * 3
    assert mail.outbox[-1].subject.startswith("At once: Still nobody has looked")
    assert AlertEmail.objects.filter(alert=alert, kind="last").count() == 1
