"""Hours, language, a rest, STOP and open pages, set by the patient on their own page."""

from __future__ import annotations

import re
import uuid
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import DeviceToken, Patient, Program, ProgramTemplate, User
from exercises.services import pause_program, resume_due, save_patient
from exercises.services.alerts import open_alert
from exercises.services.library import copy_template
from notifications import consent
from notifications.incoming import inbound
from notifications.messages import write_message
from notifications.models import ConsentEvent, OutboundMessage
from notifications.outgoing import sending
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.factories import TODAY as DAY
from tests.page.visits import CONFIRM, TODAY, linked, opened, words
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db
SETTINGS = reverse("page-settings")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def program(maria: Patient) -> Program:
    program = factories.program(maria)
    Patient.objects.update(birth_year=1958)
    return program


def copied(program: Program) -> ProgramTemplate:
    """A template of the clinic's own, for a second program."""
    return copy_template(template=factories.template(), clinic=program.patient.clinic)


def came_in() -> Client:
    browser = opened(linked(Patient.objects.get(), now=CHECK_IN_AT))
    browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
    return browser


@pytest.fixture
def page(program: Program) -> Client:
    return came_in()


def test_it_takes_the_second_step_and_is_on_the_menu(program: Program) -> None:
    browser = opened(linked(Patient.objects.get(), now=CHECK_IN_AT))
    assert browser.get(SETTINGS)["Location"] == CONFIRM
    assert browser.post(SETTINGS, {"do": "stop"})["Location"] == CONFIRM
    assert consent.of(Patient.objects.get()) == "granted"
    assert SETTINGS in words(came_in().get(TODAY))


class TestHours:
    """The patient's own, or the clinic's again."""

    def test_set_and_given_back(self, page: Client) -> None:
        answer = page.post(SETTINGS, {"do": "hours", "from": "06:30", "until": "22:00"})
        assert answer.status_code == 303
        assert "Saved." in words(page.get(answer["Location"]))
        patient = Patient.objects.get()
        assert patient.texting_hours == (time(6, 30), time(22))
        assert patient.texts_hours_asked == "Set on the patient's own page"
        page.post(SETTINGS, {"do": "clinic_hours"})
        patient = Patient.objects.get()
        assert (patient.texts_from, patient.texts_until, patient.texts_hours_asked) == (
            None,
            None,
            "",
        )

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            ("20:00", "08:00", "the first before the last"), ("08:00", "08:00", "the first before the last"),
            ("04:30", "20:00", "did not work"), ("08:00", "23:30", "did not work"),
            ("25:00", "20:00", "did not work"), ("08:00:30", "20:00", "did not work"), ("09:00", "20:00", "planned texts"), ("06:00", "08:30", "planned texts"), ("", "", "did not work"), ("x\x00", "9", "did not work"),
        ],
    )  # fmt: skip  # cases
    def test_what_cannot_be_is_said_and_nothing_is_kept(
        self, page: Client, first: str, last: str, said: str
    ) -> None:
        answer = page.post(SETTINGS, {"do": "hours", "from": first, "until": last})
        assert answer.status_code == 400
        assert said in words(answer)
        assert Patient.objects.get().texts_from is None

    def test_what_the_clinic_changed_meanwhile_stays(
        self, page: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def late(**call: Any) -> None:
            Patient.objects.update(last_name="Lopez Garcia")
            save_patient(**call)

        monkeypatch.setattr("exercises.services.wishes.save_patient", late)
        page.post(SETTINGS, {"do": "hours", "from": "07:00", "until": "18:00"})
        patient = Patient.objects.get()
        assert (patient.last_name, patient.texts_from) == ("Lopez Garcia", time(7))


def test_the_clinic_cannot_leave_a_text_out_either(
    program: Program, api: APIClient, admin_of_alice: Client
) -> None:
    patient = program.patient
    hours = {"texts_from": "09:00", "texts_until": "20:00", "texts_hours_asked": "I sleep long."}
    answer = api.patch(f"/api/v1/patients/{patient.pk}/", hours)
    assert (answer.status_code, answer.json()["code"]) == (400, "text_left_out")
    address = reverse("admin:exercises_patient_change", args=[patient.pk])
    form = {
        "first_name": "Maria",
        "last_name": "Lopez",
        "phone": str(patient.phone),
        "language": "en",
    }
    shown = admin_of_alice.post(address, form | {"time_zone": patient.time_zone} | hours)
    assert shown.status_code == 200
    assert "A text comes at 08:30" in words(shown)
    assert Patient.objects.get().texts_from is None


def test_what_a_person_wrote_waits_for_the_hours_that_were_set(
    page: Client, maria: Patient, alice: User, simulator: SimulatedTwilio
) -> None:
    """Written at night for eight in the morning; meanwhile the day begins at half past."""
    night = CHECK_IN_AT - timedelta(hours=10)
    written = write_message(
        patient=maria, words="Please come in on Thursday.", message_id=uuid.uuid4(), by=alice,
        now=night,
    )  # fmt: skip  # a call
    page.post(SETTINGS, {"do": "hours", "from": "08:30", "until": "20:00"})
    for minutes, waits in ((-30, True), (-1, True), (0, False)):
        sending.send_waiting(clock=partial(CHECK_IN_AT.__add__, timedelta(minutes=minutes)))
        written.refresh_from_db()
        assert (written.status == "waiting") is waits


def test_another_language_from_the_next_page_on(page: Client) -> None:
    answer = page.post(SETTINGS, {"do": "language", "language": "es"})
    assert "Guardado." in words(page.get(answer["Location"]))
    assert page.post(SETTINGS, {"do": "language", "language": "xx"}).status_code == 400
    assert Patient.objects.get().language == "es"


class TestRest:
    """A rest ends by itself or by a tap; what the clinic paused is the clinic's."""

    @pytest.mark.parametrize("days", [3, 7, 14])
    def test_it_ends_by_itself(self, page: Client, days: int) -> None:
        page.post(SETTINGS, {"do": "rest", "days": str(days)})
        assert Program.objects.get().is_patients_to_resume
        shown = words(page.get(SETTINGS))
        assert f"March {DAY.day + days}." in shown
        with time_machine.travel(CHECK_IN_AT + timedelta(days=days)):
            resume_due(now=CHECK_IN_AT + timedelta(days=days))
        assert Program.objects.get().status == "active"

    def test_a_tap_ends_it(self, page: Client) -> None:
        page.post(SETTINGS, {"do": "rest", "days": "7"})
        page.post(SETTINGS, {"do": "go_on"})
        assert Program.objects.get().status == "active"
        assert "Take a rest" in words(page.get(SETTINGS))

    def test_each_rest_is_told_and_a_hold_beside_it(self, page: Client, program: Program) -> None:
        page.post(SETTINGS, {"do": "rest", "days": "3"})
        factories.program(program.patient, source=copied(program))
        open_alert(patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT)
        shown = words(page.get(SETTINGS))
        assert "March 6" in shown
        assert "Take a rest" in shown
        assert 'value="14"' in shown
        assert "Your exercises wait until somebody" in shown

    @pytest.mark.parametrize("days", ["0", "8", "-3", "999999999999", "", "x"])
    def test_only_what_is_offered(self, page: Client, days: str) -> None:
        assert page.post(SETTINGS, {"do": "rest", "days": days}).status_code == 400
        assert Program.objects.get().status == "active"

    def test_what_the_clinic_paused_stays_paused(self, page: Client, program: Program) -> None:
        pause_program(program=program, until=date(2026, 3, 20))
        assert "Only your clinic can start it" in words(page.get(SETTINGS))
        for do in ("go_on", "rest"):
            answer = page.post(SETTINGS, {"do": do, "days": "3"})
            assert answer.status_code == 400
            assert "Only your clinic can start it" in words(answer)
            row = Program.objects.get()
            assert (row.status, row.paused_by_patient) == ("paused", False)


class TestStop:
    """As by text; START brings texts back."""

    def test_nothing_leaves_any_more_and_start_works(self, page: Client, maria: Patient) -> None:
        waiting = factories.asked(Program.objects.get(), status="waiting")
        for _ in range(2):
            page.post(SETTINGS, {"do": "stop"})
        assert consent.of(maria) == "revoked"
        event = ConsentEvent.objects.get(state="revoked")
        assert (event.how, event.words) == ("web", "Stopped on the patient's own page")
        waiting.refresh_from_db()
        assert (waiting.status, waiting.skip_reason) == ("skipped", "opted_out")
        shown = words(page.get(SETTINGS))
        assert "reply START" in shown
        assert "Stop all texts now" not in shown
        factories.received("START", maria)
        inbound.read_inbound(now=CHECK_IN_AT)
        assert consent.of(maria) == "granted"

    def test_who_never_agreed_is_told_of_no_start(self, page: Client) -> None:
        ConsentEvent.objects.all().delete()
        page.post(SETTINGS, {"do": "stop"})
        shown = words(page.get(SETTINGS))
        assert "START" not in shown
        assert "Ask your clinic if you want them" in shown


class TestOpenPages:
    """Each is named, and another than this one can be closed from here."""

    def test_another_one_is_closed(self, page: Client) -> None:
        over = came_in()
        DeviceToken.objects.update(expiry=CHECK_IN_AT)
        assert over.get(SETTINGS).status_code == 403
        page, other = came_in(), came_in()
        assert other.get(SETTINGS).status_code == 200
        shown = words(page.get(SETTINGS))
        assert shown.count("Since: ") == 2
        (there,) = re.findall(r'name="device" value="([^"]+)"', shown)
        page.post(SETTINGS, {"do": "close", "device": there})
        assert other.get(SETTINGS).status_code == 403
        assert page.get(SETTINGS).status_code == 200

    def test_nobody_elses(self, page: Client, bob: Any) -> None:
        theirs, _ = DeviceToken.objects.create(user=bob)
        assert str(theirs.public_id) not in words(page.get(SETTINGS))
        page.post(SETTINGS, {"do": "close", "device": str(theirs.public_id)})
        assert DeviceToken.objects.filter(pk=theirs.pk).exists()
        for odd in ("", "x", str(uuid.uuid4())[:-1]):
            assert page.post(SETTINGS, {"do": "close", "device": odd}).status_code == 400


def test_what_is_no_act_of_ours_is_refused(page: Client) -> None:
    for do in ("", "remove", "\x00"):
        assert page.post(SETTINGS, {"do": do}).status_code == 400
    assert OutboundMessage.objects.count() == 0


@pytest.mark.parametrize("more", [0, 5])
def test_it_costs_the_same_however_many_pages_are_open(
    page: Client, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(more):
        came_in()
    with django_assert_num_queries(9):
        page.get(SETTINGS)
