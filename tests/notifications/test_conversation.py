"""Where a conversation goes astray: late, out of order, on a shared phone, twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from exercises.models import Alert, CheckIn, Clinic, Patient, Program, ProgramVersion, SessionLog
from exercises.services import ScheduleSpec, assign_program, pause_program
from exercises.services.library import copy_template
from notifications.consent import hold, opt_out_at_carrier, stop_in_app
from notifications.incoming import inbound
from notifications.models import InboundMessage, InboxItem, OutboundMessage, PhoneConsent
from notifications.outgoing import preparing
from notifications.outgoing.pacing import Pacer
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PHONE = "+14155550114"


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """An instant on 3 March 2026 in New York, or so many days later."""
    return datetime(2026, 3, 3, 5, tzinfo=UTC) + timedelta(days=day, hours=hour, minutes=minute)


def patient_with(clinic: Clinic, *kinds: str, first_name: str = "Maria") -> Patient:
    """A patient with consent and a schedule of each kind."""
    patient: Patient = factories.PatientFactory.create(
        clinic=clinic, first_name=first_name, phone=PHONE
    )
    factories.consent_of(patient)
    times = {
        "check_in": at(8, 30), "signs": at(12), "exercise": at(17), "pass": at(17, 30), "week": at(18), "average": at(19),
        "splint": at(19, 30),
    }  # fmt: skip  # a day
    assign_program(
        patient=patient,
        template=factories.template(),
        start_date=factories.TODAY,
        side="left",
        schedules=[
            ScheduleSpec(kind, (times[kind].astimezone(patient.zone).time(),)) for kind in kinds
        ],
        assigned_by=None,
        now=MORNING,
    )
    return patient


def ask(patient: Patient, kind: str, moment: datetime) -> OutboundMessage:
    """A question of this kind that reached the phone."""
    schedule = Program.objects.get(patient=patient).schedules.get(kind=kind)
    return OutboundMessage.objects.create(
        clinic=patient.clinic,
        patient=patient,
        to_phone=PHONE,
        kind=kind,
        schedule=schedule,
        local_date=moment.astimezone(patient.zone).date(),
        slot=0,
        wording=kind,
        due_at=moment,
        not_before=moment,
        priority=20,
        status="delivered",
        attempted_at=moment,
    )


def say(patient: Patient, body: str, moment: datetime, *, read_at: datetime | None = None) -> str:
    """A text comes and is read; returns the wording of the answer, or nothing."""
    row = factories.received(body, patient, at=moment)
    inbound.read_inbound(now=read_at or moment)
    reply = OutboundMessage.objects.filter(answers=row).first()
    # It leaves at once.
    OutboundMessage.objects.filter(answers=row).update(status="delivered", attempted_at=moment)
    return reply.wording if reply else ""


def scores() -> dict[tuple[str, str, str], int]:
    """(first name, kind, day) → score."""
    return {
        (row.program.patient.first_name, row.kind, str(row.local_date)): row.score
        for row in CheckIn.objects.select_related("program__patient")
    }


def logs() -> list[tuple[str, str, str]]:
    """(kind, outcome, day), oldest first."""
    rows = SessionLog.objects.order_by("created_at")
    return [(row.kind, row.outcome, str(row.local_date)) for row in rows]


class TestPauses:
    """Whose pause it is decides who may end it."""

    @pytest.mark.parametrize("until", [None, factories.TODAY + timedelta(days=30)])
    @pytest.mark.parametrize("body", ["resume", "pause 1 day", "pause 60 days", "reanudar"])
    def test_no_text_moves_a_pause_of_the_clinics(
        self, clinic: Clinic, until: date | None, body: str
    ) -> None:
        maria = patient_with(clinic, "check_in")
        program = Program.objects.get()
        pause_program(program=program, until=until)
        say(maria, body, at(9))
        after = Program.objects.get()
        assert (after.status, after.resume_at) == ("paused", program.resume_at)
        # A person reads it instead.
        assert InboxItem.objects.filter(patient=maria).exists()

    def test_the_patients_own_is_theirs_to_move_and_to_end(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        assert say(maria, "pause 10 days", at(9)) == "paused"
        long = Program.objects.get().resume_at
        assert say(maria, "pause 2 days", at(10)) == "paused"
        assert Program.objects.get().resume_at < long  # type: ignore[operator]  # both are set
        assert say(maria, "resume", at(11)) == "resumed"
        assert Program.objects.get().status == "active"

    def test_a_pause_that_the_clinic_took_over_is_the_clinics(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        say(maria, "pause 2 days", at(9))
        pause_program(program=Program.objects.get(), until=factories.TODAY + timedelta(days=30))
        say(maria, "resume", at(10))
        assert Program.objects.get().status == "paused"


class TestConsent:
    """Who may be texted."""

    def test_a_start_that_was_missed_undoes_no_newer_opt_out(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        say(maria, "stop", at(8))
        say(maria, "stop texting me", at(9))
        say(maria, "START", at(8, 30), read_at=at(9, 30))
        assert PhoneConsent.objects.get().state == "revoked"
        say(maria, "START", at(10))
        assert PhoneConsent.objects.get().state == "granted"

    @pytest.mark.parametrize(
        ("stop", "start", "answer"),
        [
            # Twilio knew of the opt-out, so it answers the bare word and we do not.
            ("STOP", "START", ""),
            ("unsubscribe", "unstop", ""),
            # It did not: nobody else would tell the patient that texts come again.
            ("please stop texting me", "START", "started"),
            ("no more texts please", "yes", "started"),
            ("deje de escribirme", "start", "started"),
        ],
    )
    def test_who_comes_back_is_told_once(
        self, clinic: Clinic, stop: str, start: str, answer: str
    ) -> None:
        maria = patient_with(clinic)
        say(maria, stop, at(8))
        assert PhoneConsent.objects.get().state == "revoked"
        assert say(maria, start, at(9)) == answer
        assert PhoneConsent.objects.get().state == "granted"

    def test_who_stopped_in_the_app_is_told_by_us(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        stop_in_app(patient=maria, by=factories.UserFactory.create(), now=at(8))
        assert say(maria, "START", at(9)) == "started"

    def test_who_stopped_at_the_carrier_is_told_by_it(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        opt_out_at_carrier(phone=PHONE, now=at(8))
        assert say(maria, "START", at(9)) == ""

    def test_yes_makes_no_consent_and_ends_no_hold(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        hold(inbound=factories.received("wrong number", maria), patients=[maria], now=at(8))
        say(maria, "yes", at(9))
        assert PhoneConsent.objects.get().state == "held"
        PhoneConsent.objects.all().delete()
        say(maria, "yes", at(9))
        assert not PhoneConsent.objects.exists()

    def test_twilios_own_reading_comes_first(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        row = factories.received("fin", maria, at=at(9))
        InboundMessage.objects.filter(pk=row.pk).update(opt_out_type="STOP")
        inbound.read_inbound(now=at(9))
        assert PhoneConsent.objects.get().state == "revoked"
        assert not OutboundMessage.objects.filter(answers=row).exists()

    @pytest.mark.parametrize("body", ["Maria stop", "STOP - Tom", "stop Maria"])
    def test_a_name_hides_no_stop(self, clinic: Clinic, body: str) -> None:
        maria = patient_with(clinic)
        patient_with(clinic, first_name="Tom")
        say(maria, body, at(9))
        assert {row.state for row in PhoneConsent.objects.all()} == {"revoked"}

    @pytest.mark.parametrize(
        ("word", "body", "state"),
        [
            ("STOP", "STOP I can't breathe", "revoked"),
            ("START", "start. chest pain since noon", "granted"),
            ("HELP", "help I can't breathe", "granted"),
        ],
    )
    def test_a_sign_beside_twilios_word_is_heard(
        self, clinic: Clinic, word: str, body: str, state: str
    ) -> None:
        maria = patient_with(clinic)
        row = factories.received(body, maria, at=at(9))
        InboundMessage.objects.filter(pk=row.pk).update(opt_out_type=word)
        inbound.read_inbound(now=at(9))
        assert PhoneConsent.objects.get().state == state
        assert Alert.objects.get().urgency == "emergency"

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_the_last_text_says_whom_to_call(self, clinic: Clinic, language: str) -> None:
        maria = patient_with(clinic)
        Patient.objects.update(language=language)
        row = factories.received("stop texting me, I can't breathe", maria, at=at(9))
        inbound.read_inbound(now=at(9))
        departures = preparing.prepare(now=at(9, 1), limit=5, pacer=Pacer())[1]
        (text,) = [departure.text.body for departure in departures]
        assert "911" in text
        assert OutboundMessage.objects.get(answers=row).wording == "stopped_emergency"

    def test_a_red_flag_in_an_opt_out_reaches_the_clinic(self, clinic: Clinic) -> None:
        maria = patient_with(clinic)
        assert say(maria, "stop texting me, I can't walk", at(9)) == "stopped_flag"
        assert Alert.objects.get().reason == "red_flag"


class TestTwoSides:
    """A program for each foot, asked at the same time."""

    @pytest.fixture
    def maria(self, clinic: Clinic) -> Patient:
        patient = patient_with(clinic, "check_in")
        assign_program(
            patient=patient,
            template=copy_template(template=factories.template(), clinic=clinic),
            start_date=factories.TODAY,
            side="right",
            schedules=[ScheduleSpec("check_in", (at(8, 30).astimezone(patient.zone).time(),))],
            assigned_by=None,
            now=MORNING,
        )
        for program in Program.objects.all():
            schedule = program.schedules.get()
            OutboundMessage.objects.create(
                clinic=clinic, patient=patient, to_phone=PHONE, kind="check_in", schedule=schedule,
                local_date=factories.TODAY, slot=0, wording="check_in", due_at=at(8, 30),
                not_before=at(8, 30), priority=20, status="delivered", attempted_at=at(8, 30),
            )  # fmt: skip  # a row
        return patient

    def by_side(self) -> dict[str, int]:
        return {row.program.side: row.score for row in CheckIn.objects.all()}

    def test_a_number_alone_is_asked_about_and_given_to_none(self, maria: Patient) -> None:
        assert say(maria, "4", at(9)) == "ask_side"
        assert self.by_side() == {}
        assert say(maria, "left 4", at(9, 1)) == "recorded"
        # Only one is open now.
        assert say(maria, "6", at(9, 2)) == "recorded"
        assert self.by_side() == {"left": 4, "right": 6}

    @pytest.mark.parametrize(
        ("body", "side"),
        [
            ("right 5", "right"),
            ("derecho 5", "right"),
            ("Left: 5", "left"),
            ("izquierdo 5", "left"),
        ],
    )
    def test_a_side_is_heard(self, maria: Patient, body: str, side: str) -> None:
        assert say(maria, body, at(9)) == "recorded"
        assert self.by_side() == {side: 5}

    def test_a_score_beside_a_sign_goes_to_no_side(self, maria: Patient) -> None:
        say(maria, "7 and my calf is swollen", at(9))
        assert Alert.objects.get().reason == "red_flag"
        assert self.by_side() == {}

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", {"Left side.", "Right side."}), ("es", {"Lado izquierdo.", "Lado derecho."})],
    )
    def test_the_texts_say_which(self, maria: Patient, language: str, said: set[str]) -> None:
        Patient.objects.update(language=language)
        OutboundMessage.objects.update(status="waiting", attempted_at=None)
        departures = preparing.prepare(now=at(8, 31), limit=5, pacer=Pacer())[1]
        assert {row.text.body.partition(".")[0] + "." for row in departures} == said

    def test_with_one_side_nothing_is_said_of_it(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        ask(maria, "check_in", at(8, 30))
        OutboundMessage.objects.update(status="waiting", attempted_at=None)
        (departure,) = preparing.prepare(now=at(8, 31), limit=5, pacer=Pacer())[1]
        assert "side" not in departure.text.body


class TestTheRightQuestion:
    """What a number or a DONE is about."""

    def test_hours_of_a_night_stay_hours_after_the_check_in(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in", "splint")
        ask(maria, "splint", at(19, 30))
        ask(maria, "check_in", at(8, 30, day=1))
        assert say(maria, "4", at(9, day=1)) == "recorded"
        assert say(maria, "7 hours", at(9, 1, day=1)) == "hours_kept"
        assert scores() == {("Maria", "first_step", "2026-03-04"): 4}
        assert logs() == [("splint", "done", "2026-03-03")]

    @pytest.mark.parametrize("waits", [True, False])
    def test_a_number_answers_nothing_that_has_not_left(self, clinic: Clinic, waits: bool) -> None:
        maria = patient_with(clinic, "check_in", "exercise")
        begun = factories.TODAY - timedelta(days=28)
        Program.objects.update(start_date=begun)
        ProgramVersion.objects.update(from_date=begun, decided_week=None)
        ask(maria, "check_in", at(8, 30))
        assert say(maria, "done", at(9)) == "ask_during"
        if waits:
            # Our line is full: the question about the exercises is still in the outbox.
            OutboundMessage.objects.filter(wording="ask_during").update(attempted_at=None)
        assert say(maria, "3", at(9, 1)) == "recorded"
        assert scores() == ({("Maria", "first_step", "2026-03-03"): 3} if waits else {})
        assert SessionLog.objects.get().pain_during == (None if waits else 3)

    def test_none_is_a_night_without_the_splint(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "splint")
        ask(maria, "splint", at(19, 30))
        say(maria, "none", at(7, day=1))
        assert logs() == [("splint", "skipped", "2026-03-03")]

    def test_done_the_next_morning_is_about_that_day(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        say(maria, "done", at(18))
        say(maria, "done", at(10, day=1))
        assert logs() == [("exercise", "done", "2026-03-03"), ("exercise", "done", "2026-03-04")]

    def test_a_number_the_next_morning_corrects_nothing(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "average")
        ask(maria, "average", at(19))
        say(maria, "3", at(19, 5))
        assert say(maria, "8", at(7, day=1)) == "noted"
        assert scores() == {("Maria", "average", "2026-03-03"): 3}

    def test_a_text_that_is_read_late_speaks_of_its_own_day(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        ask(maria, "check_in", at(8, 30))
        ask(maria, "check_in", at(8, 30, day=1))
        say(maria, "7", at(20), read_at=at(8, 40, day=1))
        assert scores() == {("Maria", "first_step", "2026-03-03"): 7}

    def test_two_open_questions_are_answered_one_after_the_other(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in", "average", "exercise", "splint")
        for kind, moment in {"check_in": at(8, 30), "exercise": at(17), "average": at(19)}.items():
            ask(maria, kind, moment)
        say(maria, "4", at(19, 5))
        say(maria, "6", at(19, 6))
        assert {kind: score for (_, kind, _), score in scores().items()} == {
            "average": 4,
            "first_step": 6,
        }
        ask(maria, "splint", at(19, 30))
        say(maria, "done", at(19, 35))
        say(maria, "done", at(19, 36))
        assert [kind for kind, _, _ in logs()] == ["splint", "exercise"]

    def test_after_skip_a_number_that_is_no_reason_is_the_open_pain(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in", "exercise")
        ask(maria, "check_in", at(8, 30))
        ask(maria, "exercise", at(17))
        assert say(maria, "skip", at(17, 5)) == "ask_why"
        assert say(maria, "7", at(17, 6)) == "recorded"
        assert say(maria, "2", at(17, 7)) == "reason_kept"
        assert SessionLog.objects.get().reason == "pain"

    def test_who_did_it_after_all_is_not_asked_why_not(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        assert say(maria, "skip", at(17, 5)) == "ask_why"
        assert say(maria, "done", at(17, 30)) == "done"
        assert say(maria, "2", at(17, 31)) == "noted_closed"
        assert [outcome for _, outcome, _ in logs()] == ["skipped", "done"]
        assert not SessionLog.objects.exclude(reason="").exists()

    def test_an_empty_word_between_does_not_hide_what_undo_takes_back(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        ask(maria, "check_in", at(8, 30))
        for moment, body in enumerate(("4", "ok")):
            say(maria, body, at(9, moment))
        assert say(maria, "undo", at(9, 5)) == "undone"
        assert CheckIn.objects.get().taken_back_at is not None


class TestASharedPhone:
    """Maria and José."""

    def test_a_name_alone_counts_a_number_once(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        jose = patient_with(clinic, "check_in", first_name="José")
        for patient in (maria, jose):
            ask(patient, "check_in", at(8, 30))
        assert say(maria, "4", at(9)) == "ask_who"
        assert say(maria, "es maria", at(9, 1)) == "recorded"
        assert say(maria, "Jose", at(9, 2)) == "noted"
        assert scores() == {("Maria", "first_step", "2026-03-03"): 4}
        assert say(maria, "jose 5", at(9, 3)) == "recorded"

    def test_a_name_the_next_day_completes_yesterdays_number(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        tom = patient_with(clinic, "check_in", first_name="Tom")
        for patient in (maria, tom):
            ask(patient, "check_in", at(8, 30))
        say(maria, "4", at(20))
        for patient in (maria, tom):
            ask(patient, "check_in", at(8, 30, day=1))
        say(maria, "Maria", at(8, 40, day=1))
        assert scores() == {("Maria", "first_step", "2026-03-03"): 4}


def test_another_pause_replaces_the_first(clinic: Clinic) -> None:
    maria = patient_with(clinic, "check_in")
    assert say(maria, "pause 3", at(9)) == "paused"
    assert say(maria, "pause 14", at(9, 1)) == "paused"
    assert Program.objects.get().resume_at == at(0, day=14) - timedelta(
        hours=1
    )  # summer time by then


@pytest.mark.django_db(transaction=True)
def test_texts_of_a_phone_are_read_in_their_order(clinic: Clinic) -> None:
    maria = patient_with(clinic, "exercise")
    first = factories.received("skip", maria, at=at(17, 5))
    second = factories.received("2", maria, at=at(17, 6))
    with transaction.atomic():
        InboundMessage.objects.select_for_update().get(pk=first.pk)  # another worker is at it
        assert inbound.read_one(second.message_sid, now=at(17, 7)) is False
    assert inbound.read_inbound(now=at(17, 7)) == 2
    assert SessionLog.objects.get().reason == "pain"


class TestNamesOnASharedPhone:
    """Choices are unique and can be typed on any phone."""

    def two(self, clinic: Clinic, first: tuple[str, str], second: tuple[str, str]) -> list[Patient]:
        found = []
        for given, family in (first, second):
            patient = patient_with(clinic, "check_in", first_name=given)
            patient.last_name = family
            patient.save()
            ask(patient, "check_in", at(8, 30))
            found.append(patient)
        return sorted(found, key=lambda patient: patient.pk)

    def asked(self) -> str:
        message = OutboundMessage.objects.filter(wording="ask_who").order_by("-pk").first()
        assert message is not None
        return message.names

    def score_of(self, patient: Patient) -> int | None:
        row = CheckIn.objects.filter(program__patient=patient).first()
        return row.score if row else None

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("Ana", "Lopez"), ("Ana", "Ruiz")), (("Ana", ""), ("Ana", "")), (("*", "Ruiz"), ("Ana", "Ruiz")),
            (("😀", ""), ("Ana", "")), (("José", "Ruiz"), ("Jose", "Paz")), (("Will", ""), ("Ana", "")),
            (("Dolores", ""), ("Ana", "")), (("ANA", "Paz"), ("ana", "Ruiz")),
        ],
    )  # fmt: skip  # a table
    def test_names_that_tell_nobody_apart_are_numbered(
        self, clinic: Clinic, first: tuple[str, str], second: tuple[str, str]
    ) -> None:
        one, two = self.two(clinic, first, second)
        assert say(one, "4", at(9)) == "ask_who"
        assert [label.partition(" ")[0] for label in self.asked().split(", ")] == ["1", "2"]
        assert say(one, "2", at(9, 1)) == "recorded"
        assert (self.score_of(one), self.score_of(two)) == (None, 4)

    @pytest.mark.parametrize(
        ("first", "second", "reply", "whose"),
        [
            ("Ana", "Ana Maria", "Ana Maria 4", "Ana Maria"), ("Ana", "Ana Maria", "Ana 4", "Ana"),
            ("Łukasz", "Zofia", "Lukasz 4", "Łukasz"), ("Đặng", "Zofia", "dang 4", "Đặng"),
            ("Ольга", "Zofia", "Olga 4", "Ольга"), ("Işıl", "Ana", "isil: 4", "Işıl"), ("Þóra", "Ana", "4 Thora", "Þóra"),
            ("Bob", "Ana", "bob 4", "Bob"), ("Mary Ann", "Mary", "mary ann 4", "Mary Ann"),
        ],
    )  # fmt: skip  # a table
    def test_a_name_as_any_phone_types_it_tells_who_is_meant(
        self, clinic: Clinic, first: str, second: str, reply: str, whose: str
    ) -> None:
        patients = self.two(clinic, (first, ""), (second, ""))
        assert say(patients[0], reply, at(9)) == "recorded"
        told = {patient.first_name: self.score_of(patient) for patient in patients}
        assert told == {first: None, second: None} | {whose: 4}

    @pytest.mark.parametrize("reply", ["I will, 4", "will be a 4", "dolores 4", "4", "* 4"])
    @pytest.mark.parametrize("name", ["Will", "Dolores", "*", "😀"])
    def test_a_word_or_a_sign_is_nobodys_name(self, clinic: Clinic, name: str, reply: str) -> None:
        patients = self.two(clinic, (name, ""), ("Ana", ""))
        say(patients[0], reply, at(9))
        assert not CheckIn.objects.exists()

    @pytest.mark.parametrize("reply", ["2", "2.", "2: 5", "2 5", "Ana R", "ana r."])
    def test_the_choice_may_come_with_the_score(self, clinic: Clinic, reply: str) -> None:
        one, two = self.two(clinic, ("Ana", "Lopez"), ("Ana", "Ruiz"))
        if two.last_name != "Ruiz":
            reply = reply.replace("R", "L").replace("r", "l")
        assert say(one, "5", at(9)) == "ask_who"
        assert say(one, reply, at(9, 1)) == "recorded"
        assert (self.score_of(one), self.score_of(two)) == (None, 5)
