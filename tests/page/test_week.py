"""The week's count on the page: what the text asks, the page asks, and one answer settles both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from exercises.models import Alert, Barrier, Patient, Program
from exercises.services import ScheduleSpec, assign_program
from exercises.services.alerts import open_alert
from notifications.models import OutboundMessage
from notifications.outgoing.due import write_due
from notifications.outgoing.pacing import Pacer
from notifications.outgoing.preparing import prepare
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING
from tests.factories import TODAY as DAY
from tests.page.visits import TODAY, linked, opened, words

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=8)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(CHECK_IN_AT + WEEK, tick=False):
        yield


@pytest.fixture
def program(maria: Patient) -> Program:
    factories.texting(maria.clinic)
    factories.consent_of(maria)
    return assign_program(
        patient=maria, template=factories.template(), start_date=DAY, side="left",
        schedules=[ScheduleSpec("week", (CHECK_IN_AT.astimezone(maria.zone).time(),))],
        assigned_by=None, now=MORNING,
    )  # fmt: skip  # a call


@pytest.fixture
def page(program: Program) -> Client:
    return opened(linked(program.patient, now=CHECK_IN_AT + WEEK))


def tell(page: Client, program: Program, barrier: str, **more: str) -> int:
    form = {"do": "barrier", "program": str(program.pk), "barrier": barrier}
    return page.post(TODAY, form | more).status_code


def test_it_is_asked_on_its_day(page: Client, program: Program) -> None:
    shown = words(page.get(TODAY))
    assert "Days with exercises in the last 7 days: 0 of 7." in shown
    assert shown.count('name="barrier"') == 6


def test_told_without_a_network_it_counts_the_next_morning(page: Client, program: Program) -> None:
    day = str(DAY + WEEK)
    with time_machine.travel(CHECK_IN_AT + WEEK + timedelta(days=1), tick=False):
        assert tell(page, program, "pain", day=day) == 303
    assert Barrier.objects.get().what == "pain"


def test_while_it_is_held_nothing_is_taken(page: Client, program: Program) -> None:
    open_alert(patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT + WEEK)
    assert tell(page, program, "time") == 400


def test_on_no_other_day(program: Program) -> None:
    with time_machine.travel(CHECK_IN_AT + WEEK + timedelta(days=1), tick=False):
        page = opened(linked(program.patient, now=CHECK_IN_AT + WEEK + timedelta(days=1)))
        assert 'name="barrier"' not in words(page.get(TODAY))
        assert tell(page, program, "time") == 400
    assert not Barrier.objects.exists()


def test_an_answer_gets_its_tip_and_may_be_changed(page: Client, program: Program) -> None:
    assert tell(page, program, "forgot") == 303
    assert "by the bed, or next to your shoes" in words(page.get(TODAY))
    assert tell(page, program, "boring") == 303
    assert [(row.what, row.source) for row in Barrier.objects.all()] == [("boring", "web")]


def test_in_spanish_it_is_spanish(page: Client, program: Program) -> None:
    Patient.objects.update(language="es")
    tell(page, program, "forgot")
    shown = words(page.get(TODAY))
    assert "junto a la cama" in shown
    assert "Se me olvidó" in shown


def test_pain_is_told_to_the_clinic(page: Client, program: Program) -> None:
    tell(page, program, "pain")
    assert Alert.objects.get().reason == "skipped_for_pain"
    assert "Pain up to 5 that is gone the next morning is fine." in words(page.get(TODAY))


def test_what_was_told_here_is_not_asked_by_text(page: Client, program: Program) -> None:
    tell(page, program, "time")
    write_due(now=CHECK_IN_AT + WEEK)
    prepare(now=CHECK_IN_AT + WEEK, limit=10, pacer=Pacer())
    text = OutboundMessage.objects.get(kind="week")
    assert (text.status, text.skip_reason) == ("skipped", "answered")


def test_while_an_alert_holds_nothing_is_counted(page: Client, program: Program) -> None:
    open_alert(patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT + WEEK)
    assert 'name="barrier"' not in words(page.get(TODAY))


@pytest.mark.parametrize("barrier", ["", "weather", "PAIN", "pain\x00"])
def test_what_is_no_barrier_is_refused(page: Client, program: Program, barrier: str) -> None:
    assert tell(page, program, barrier) == 400
    assert not Barrier.objects.exists()
