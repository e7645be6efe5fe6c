"""The patient's page: state at a glance, chart, calendar, conversation, changes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exercises.models import Look, Patient, Program, SessionLog, User
from exercises.reads.days import plan_for_day
from exercises.reads.diary import diary_of
from exercises.reads.pauses import Pause, pauses_of
from exercises.services import (
    LogSpec,
    end_program,
    log_session,
    pause_program,
    record_check_in,
    resume_program,
)
from exercises.services.alerts import open_alert
from notifications.models import InboundMessage, OutboundMessage, PhoneConsent
from tests import factories
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun on 3 March."""
    return factories.program(maria)


def address(patient: Patient, name: str = "record") -> str:
    return reverse(f"admin:exercises_patient_{name}", args=[patient.pk])


def words(answer: Any) -> str:
    """The page's words, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def look(admin: Client, patient: Patient, *, days: int = 0, **query: Any) -> Any:
    """The page some days after MORNING, signed in anew: nobody stays signed in for days."""
    alice = User.objects.get(email="alice@example.org")
    with time_machine.travel(MORNING + days * DAY + timedelta(hours=1), tick=False):
        admin.logout()
        admin.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        return admin.get(address(patient), query)


def log(program: Program, day: date, outcome: str = "done", **details: Any) -> None:
    log_session(
        program=program,
        local_date=day,
        log=LogSpec("exercise", outcome, **details),
        source="app",
        client_id=str(uuid.uuid4()),
        now=MORNING + 20 * DAY,
    )


class TestAtAGlance:
    """The header."""

    def test_state_of_texts_and_program(self, admin_of_alice: Client, program: Program) -> None:
        text = words(look(admin_of_alice, program.patient))
        assert "Texts May be texted" in text
        assert "Next text Tue 08:30" in text
        assert "Program Active week 1, Calm" in text
        assert "Last heard of today" in text
        text = words(look(admin_of_alice, program.patient, days=4))
        assert "Last heard of 4 days ago" in text

    def test_times_are_those_of_the_patients_clock(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        patient = program.patient
        form = {
            "clinic": patient.clinic_id, "first_name": "Maria", "phone": str(patient.phone),
            "time_zone": "America/Los_Angeles", "language": "en",
        }  # fmt: skip  # a form
        with time_machine.travel(MORNING, tick=False):
            alice = User.objects.get(email="alice@example.org")
            admin_of_alice.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
            admin_of_alice.post(address(patient, "change"), form)
        text = words(look(admin_of_alice, patient))
        assert "05:00 on their clock (America/Los_Angeles)" in text
        assert "Next text Tue 08:30" in text

    def test_without_consent_or_program(self, admin_of_alice: Client, maria: Patient) -> None:
        text = words(look(admin_of_alice, maria))
        assert "No consent yet" in text
        assert "Next text none planned" in text
        assert "Program None yet Assign one" in text

    def test_a_shared_phone_says_with_whom(self, admin_of_alice: Client, maria: Patient) -> None:
        factories.PatientFactory.create(
            clinic=maria.clinic, first_name="Tom", last_name="Wood", phone=maria.phone
        )
        factories.PatientFactory.create(first_name="Elsewhere", phone=maria.phone)
        text = words(look(admin_of_alice, maria))
        assert "shared with Tom Wood" in text
        assert "Elsewhere" not in text

    def test_of_several_programs_the_running_one_shows_unless_another_is_asked_for(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        end_program(program=program)
        newer = factories.program(program.patient, now=MORNING + 10 * DAY)
        text = words(look(admin_of_alice, program.patient, days=10))
        assert "Program Active week 1" in text
        older = look(admin_of_alice, program.patient, days=10, program=program.pk)
        assert "Program Ended" in words(older)
        unknown = look(admin_of_alice, program.patient, days=10, program=uuid.uuid4())
        assert unknown.context["program"] == newer

    def test_open_alerts_lead_to_their_pages(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        alert = open_alert(patient=program.patient, program=program, reason="red_flag", now=MORNING)
        answer = look(admin_of_alice, program.patient)
        assert "Red-flag words in a text" in words(answer)
        assert reverse("admin:exercises_alert_change", args=[alert.pk]) in answer.content.decode()


class TestChart:
    """Pain, baseline, phases, care and pauses."""

    def test_it_has_a_series_for_each_and_a_table_behind(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        for day in range(8):
            record_check_in(
                program=program, local_date=TODAY + day * DAY, score=6, source="app",
                client_id=f"{day}", now=MORNING + day * DAY,
            )  # fmt: skip  # a row
        answer = look(admin_of_alice, program.patient, days=20)
        chart = json.loads(answer.context["chart"])
        data = {row["label"]: row["data"] for row in chart["datasets"]}
        assert data["First-step pain"][:9] == [6] * 8 + [None]
        assert set(data["Baseline"]) == {6}
        assert set(data["Smallest change that matters"]) == {4}
        # Phase 2 begins with week 3.
        assert [n for n, value in enumerate(data["Next phase"]) if value] == [14]
        assert "Load begins" in words(answer)

    def test_before_the_start_there_is_nothing_to_draw(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        Program.objects.update(start_date=TODAY + 9 * DAY)
        answer = look(admin_of_alice, program.patient)
        assert json.loads(answer.context["chart"])["labels"] == []

    def test_pauses_come_from_the_audit_log(self, program: Program) -> None:
        with time_machine.travel(MORNING + 2 * DAY, tick=False):
            pause_program(program=program)
        with time_machine.travel(MORNING + 5 * DAY, tick=False):
            resume_program(program=program, now=MORNING + 5 * DAY)
        with time_machine.travel(MORNING + 9 * DAY, tick=False):
            pause_program(program=program)
        assert pauses_of([program])[program.pk] == [
            Pause(TODAY + 2 * DAY, TODAY + 5 * DAY),
            Pause(TODAY + 9 * DAY, None),
        ]


class TestDiary:
    """What was done, item by item."""

    def state(self, program: Program, name: str, day: date) -> str:
        (item,) = (row for row in diary_of(program, [day]) if row.name == name)
        return item.days[0].state

    def test_each_state_of_an_item(self, program: Program) -> None:
        name, slug = "Plantar-fascia stretch", "plantar-fascia-stretch"
        assert self.state(program, name, TODAY) == "untold"
        log(program, TODAY, exercise=slug, slot=plan_for_day(program, TODAY).plan.rounds[0].slot)
        assert self.state(program, name, TODAY) == "part"
        log(program, TODAY, exercise=slug)
        assert self.state(program, name, TODAY) == "done"
        log(program, TODAY + DAY, "skipped", reason="time", exercise=slug)
        assert self.state(program, name, TODAY + DAY) == "skipped"

    def test_a_whole_day_counts_for_every_exercise_but_not_for_the_splint(
        self, program: Program
    ) -> None:
        log(program, TODAY)
        states = {row.name: row.days[0].state for row in diary_of(program, [TODAY])}
        assert states.pop("Night splint") == "untold"
        assert set(states.values()) == {"done"}
        SessionLog.objects.all().delete()
        log(program, TODAY, "skipped", reason="forgot")
        assert self.state(program, "Plantar-fascia stretch", TODAY) == "skipped"

    def test_before_the_start_nothing_is_planned(self, program: Program) -> None:
        assert diary_of(program, [TODAY - DAY]) == []


class TestConversation:
    """What was said, and the box to write in."""

    @pytest.fixture(autouse=True)
    def _consent(self, maria: Patient) -> None:
        factories.consent_of(maria)

    def post(self, admin: Client, patient: Patient, **form: Any) -> Any:
        return admin.post(address(patient, "write"), {"message_id": str(uuid.uuid4())} | form)

    def test_both_sides_with_what_became_of_each(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        asked = factories.asked(program, status="undelivered")
        OutboundMessage.objects.filter(pk=asked.pk).update(body="How is it today?")
        reply = factories.received("6", program.patient)
        InboundMessage.objects.filter(pk=reply.pk).update(patient=program.patient)
        page = look(admin_of_alice, program.patient, days=1)
        shown = [(row.from_patient, row.body, row.state) for row in page.context["thread"]]
        assert sorted(shown) == [(False, "How is it today?", "Undelivered"), (True, "6", "")]

    def test_a_text_is_written_once_however_often_one_clicks(
        self, admin_of_alice: Client, alice: User, maria: Patient
    ) -> None:
        form = {"message_id": str(uuid.uuid4()), "body": "See you at 3."}
        answers = [self.post(admin_of_alice, maria, **form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        row = OutboundMessage.objects.get()
        assert (row.body, row.written_by) == ("Bay Foot: See you at 3.", alice)

    def test_a_refusal_keeps_the_words(self, admin_of_alice: Client, maria: Patient) -> None:
        PhoneConsent.objects.update(state="revoked")
        answer = self.post(admin_of_alice, maria, body="See you at 3.")
        assert "The patient opted out of texts." in words(answer)
        assert "See you at 3." in answer.content.decode()
        assert not OutboundMessage.objects.exists()

    def test_the_preview_counts_and_warns(self, admin_of_alice: Client, maria: Patient) -> None:
        def preview(body: str) -> dict[str, Any]:
            answer: dict[str, Any] = admin_of_alice.post(
                address(maria, "write_preview"), {"body": body}
            ).json()
            return answer

        assert preview("See you") == {
            "text": "Bay Foot: See you", "segments": 1, "characters": 17, "problems": [],
        }  # fmt: skip  # a dict
        assert preview("a" * 170)["segments"] == 2
        assert "“heel” tells too much" in preview("Your heel")["problems"][0]
        assert preview(" ") == {"text": "", "problems": []}
        assert not OutboundMessage.objects.exists()


class TestAccess:
    """Whose page it is, and who looked."""

    @pytest.mark.parametrize(
        "ask",
        [
            lambda admin, maria: admin.get(address(maria)),
            lambda admin, maria: admin.post(address(maria, "write"), {"body": "Hello"}),
            lambda admin, maria: admin.post(address(maria, "write_preview"), {"body": "Hello"}),
        ],
    )
    def test_another_clinics_provider_finds_nothing(
        self, bob: User, maria: Patient, ask: Callable[[Client, Patient], Any]
    ) -> None:
        admin = Client()
        admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        assert ask(admin, maria).status_code == 404
        assert not OutboundMessage.objects.exists()
        # The try is kept, and it saw nobody.
        assert list(Look.objects.values_list("user", "status", "patients")) == [(bob.pk, 404, [])]

    def test_looking_is_kept_with_the_name(
        self, admin_of_alice: Client, alice: User, program: Program
    ) -> None:
        admin_of_alice.get(address(program.patient))
        admin_of_alice.get(reverse("admin:exercises_program_change", args=[program.pk]))
        admin_of_alice.get(
            reverse("admin:exercises_programtemplate_change", args=[program.template_id])
        )
        seen = Look.objects.order_by("pk").values_list("user", "patients")
        # The template is nobody's record.
        assert list(seen) == [(alice.pk, [program.patient_id])] * 2

    def test_what_changed_names_who_did_it(
        self, admin_of_alice: Client, alice: User, program: Program
    ) -> None:
        maria = program.patient
        form = {
            "clinic": maria.clinic_id, "first_name": "Marie", "last_name": "Lopez",
            "phone": str(maria.phone), "time_zone": maria.time_zone, "language": "en",
        }  # fmt: skip  # a form
        answer = admin_of_alice.post(address(maria, "change"), form)
        assert answer.headers["Location"] == address(maria)
        text = words(admin_of_alice.get(address(maria)))
        assert f"{alice} Marie Lopez: first name: Maria → Marie" in text


# Session, user, clock, roles 5; badges 2; patient, programs, alerts open and closed, log 6; program 20; texts 9.
RECORD_QUERIES = 45


@pytest.mark.parametrize("patients", [10, 1000])
def test_the_number_of_queries_does_not_grow(
    admin_of_alice: Client,
    maria: Patient,
    patients: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    factories.program(maria, now=timezone.now())
    factories.crowd(maria.clinic, patients)
    admin_of_alice.get(address(maria))
    with django_assert_num_queries(RECORD_QUERIES):
        admin_of_alice.get(address(maria))
