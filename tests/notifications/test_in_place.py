"""Today: what is done without leaving the start page."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Alert, Patient, Program, Provider, User
from exercises.rules.urgency import Urgency
from exercises.services.alerts import open_alert
from notifications.incoming import inbound
from notifications.models import InboxItem, OutboundMessage
from tests import factories
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db
START = reverse("admin:index")
ACT = reverse("in-place")


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


@pytest.fixture
def alert(program: Program) -> Alert:
    return open_alert(
        patient=program.patient, program=program, reason="sharp_rise",
        detail="9, median of the week before 4", now=CHECK_IN_AT,
    )  # fmt: skip  # a row


@pytest.fixture
def item(program: Program) -> InboxItem:
    row = factories.received("Can I swim tomorrow?", program.patient)
    inbound.read_inbound(now=CHECK_IN_AT)
    return InboxItem.objects.get(inbound=row)


def post(browser: Client, do: str, row: Any, **more: str) -> Any:
    form = {"do": do, "key": str(row.pk), "message_id": str(uuid.uuid4()), "seen": ""}
    return browser.post(ACT, form | more, follow=True)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def texts(patient: Patient) -> list[str]:
    rows = OutboundMessage.objects.filter(
        patient=patient, kind=OutboundMessage.Kind.MESSAGE
    ).order_by("created_at")
    return [row.body for row in rows]


class TestWhatStandsThere:
    """Nothing to click to find out why."""

    def test_the_deciding_figures_and_words_and_the_phone(
        self, admin_of_alice: Client, alert: Alert, item: InboxItem
    ) -> None:
        page = shown(admin_of_alice.get(START))
        assert "9, median of the week before 4" in page
        assert "Can I swim tomorrow?" in page
        assert page.count(f'href="tel:{alert.patient.phone}"') == 2

    def test_the_words_of_a_red_flag_stand_at_its_alert(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        factories.received("my chest hurts when I breathe", program.patient)
        inbound.read_inbound(now=CHECK_IN_AT)
        page = shown(admin_of_alice.get(START))
        at_alert = page.split('aria-labelledby="inbox"')[0]
        assert "“my chest hurts when I breathe”" in at_alert
        assert "Words like" in at_alert
        alert, item = Alert.objects.get(), InboxItem.objects.get()
        post(admin_of_alice, "close", alert, body="Please call 911 now.", seen=str(item.pk))
        item.refresh_from_db()
        alert.refresh_from_db()
        assert (item.handled_at is not None, alert.acknowledged_at is not None) == (True, True)

    def test_the_most_urgent_first_and_in_one_order(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        clinic = program.patient.clinic
        for urgency in (Urgency.REVIEW, Urgency.SAME_DAY, Urgency.CRISIS, Urgency.EMERGENCY, None):
            open_alert(
                patient=factories.PatientFactory.create(clinic=clinic), program=None,
                reason="red_flag" if urgency else "silent_3", urgency=urgency, now=CHECK_IN_AT,
            )  # fmt: skip  # a row
        found = [
            re.findall(r'<span class="tag \w+">([^<]+)</span>', shown(admin_of_alice.get(START)))
            for _ in range(3)
        ]
        assert found[0] == ["Crisis", "Emergency", "Same day", "Review", "Low"]
        assert found[1] == found[2] == found[0]

    def test_mine_leaves_what_a_colleague_assigned(
        self, admin_of_alice: Client, alert: Alert, alice: User
    ) -> None:
        assert "9, median" in shown(admin_of_alice.get(START))
        assert "9, median" not in shown(admin_of_alice.get(START, {"whose": "mine"}))
        Program.objects.update(assigned_by=alice)
        assert "9, median" in shown(admin_of_alice.get(START, {"whose": "mine"}))


class TestClosing:
    """An alert: a note, a text, or both."""

    def test_with_a_note(self, admin_of_alice: Client, alert: Alert, alice: User) -> None:
        page = post(admin_of_alice, "close", alert, note="Called: a long walk.")
        assert page.redirect_chain[-1][0] == START
        alert.refresh_from_db()
        assert (alert.note, alert.acknowledged_by) == ("Called: a long walk.", alice)
        assert "9, median" not in shown(page)

    def test_a_text_is_the_note_too(self, admin_of_alice: Client, alert: Alert) -> None:
        post(admin_of_alice, "close", alert, body="Rest today. I call you at 3.")
        alert.refresh_from_db()
        assert alert.note == "Texted: Rest today. I call you at 3."
        (body,) = texts(alert.patient)
        assert body.endswith("Rest today. I call you at 3.")

    def test_without_either_nothing_is_done(self, admin_of_alice: Client, alert: Alert) -> None:
        page = post(admin_of_alice, "close", alert)
        assert "Write a word on what you found or did." in shown(page)
        alert.refresh_from_db()
        assert alert.acknowledged_at is None

    def test_what_is_refused_comes_back_as_it_was_typed(
        self, admin_of_alice: Client, alert: Alert
    ) -> None:
        page = shown(
            post(admin_of_alice, "close", alert, body="Your plantar fascia!", note="Seen <b>")
        )
        assert "<details open>" in page
        assert "Your plantar fascia!" in page
        assert "Seen &lt;b&gt;" in page
        alert.refresh_from_db()
        assert alert.acknowledged_at is None
        assert texts(alert.patient) == []

    def test_what_holds_exercises_takes_a_clinician_and_no_text_leaves(
        self, client: Client, program: Program
    ) -> None:
        flag = open_alert(
            patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT
        )
        helper = factories.ProviderFactory.create(
            clinic=program.patient.clinic, role=Provider.Role.ASSISTANT
        )
        client.force_login(helper.user, backend="django.contrib.auth.backends.ModelBackend")
        page = shown(post(client, "close", flag, body="We call you.", note="ok"))
        assert "A clinician has to close this one" in page
        flag.refresh_from_db()
        assert flag.acknowledged_at is None
        assert texts(program.patient) == []


class TestMessages:
    """The inbox's rows."""

    def test_answered_in_place(self, admin_of_alice: Client, item: InboxItem) -> None:
        post(admin_of_alice, "answer", item, body="Yes, slowly.", seen=str(item.pk))
        item.refresh_from_db()
        assert item.handled_at is not None
        assert item.answer is not None
        assert item.answer.body.endswith("Yes, slowly.")

    def test_nothing_more_to_do(self, admin_of_alice: Client, item: InboxItem) -> None:
        page = post(admin_of_alice, "handle", item)
        item.refresh_from_db()
        assert (item.handled_at is not None, item.answer) == (True, None)
        assert "Can I swim" not in shown(page)


@pytest.mark.parametrize("do", ["close", "answer", "handle"])
def test_a_stranger_does_nothing(bob: User, do: str, alert: Alert, item: InboxItem) -> None:
    stranger = Client()
    stranger.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    row = alert if do == "close" else item
    answer = post(stranger, do, row, body="Hello", note="Hello", seen=str(item.pk))
    assert answer.status_code == 404
    alert.refresh_from_db()
    item.refresh_from_db()
    assert (alert.acknowledged_at, item.handled_at) == (None, None)
    assert texts(alert.patient) == []


@pytest.mark.parametrize("key", ["", "x", str(uuid.UUID(int=4)), "\x00"])
def test_a_row_that_is_not_there_is_not_found(admin_of_alice: Client, key: str) -> None:
    form = {"do": "close", "key": key, "message_id": "x"}
    assert admin_of_alice.post(ACT, form).status_code == 404
    assert admin_of_alice.post(ACT, {"do": "jump"}).status_code == 302
    assert admin_of_alice.get(ACT).status_code == 405
