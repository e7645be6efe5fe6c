"""The weekly question for warning signs, and PASS at the reviews: asked, read, kept, acted on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from exercises.models import Alert, Clinic, Measure, Patient, Program, Schedule, SessionLog
from exercises.rules.recurrence import Rule, following, next_occurrence
from exercises.services import ScheduleSpec, change_schedule, record_check_in
from exercises.services.reviews import satisfied_at, watch_reviews
from notifications.incoming import inbound
from notifications.models import InboxItem, OutboundMessage
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import MORNING, TODAY
from tests.notifications.test_conversation import ask, at, logs, patient_with, say, scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria(clinic: Clinic) -> Patient:
    return patient_with(clinic, "check_in", "signs", "exercise", "pass")


def answers() -> list[tuple[str, int]]:
    """(instrument, value) as kept, the oldest first."""
    rows = Measure.objects.order_by("created_at")
    return [(row.instrument, int(row.value)) for row in rows]


def days_of(kind: str, *, until: int) -> list[int]:
    """The days of the program on which this is asked."""
    schedule = Schedule.objects.get(kind=kind)
    zone = schedule.program.patient.zone
    first = next_occurrence(schedule.rule, zone)
    assert first is not None
    days = []
    for due in following(schedule.rule, zone, first):
        day = (due.local_date - TODAY).days
        if day > until:
            break
        days.append(day)
    return days


def test_it_is_asked_once_a_week_and_at_the_reviews(maria: Patient) -> None:
    assert days_of("signs", until=40) == [7, 14, 21, 28, 35]
    # Nothing comes after the last.
    assert days_of("pass", until=2_000) == [42, 84, 182]


def test_nobody_chooses_other_days(maria: Patient) -> None:
    """Not at assigning, where the spec said daily, and not later."""
    schedule = Schedule.objects.get(kind="signs")
    change_schedule(
        schedule_id=schedule.pk, spec=ScheduleSpec("signs", (time(10),)), ends_on=None, now=MORNING
    )
    assert days_of("signs", until=20) == [7, 14]
    assert Schedule.objects.get(pk=schedule.pk).local_times == [time(10)]


def test_it_is_written_to_the_outbox_on_its_day(maria: Patient) -> None:
    for day in range(44):
        write_due(now=at(23, day=day))
    texts = OutboundMessage.objects.filter(kind__in=["signs", "pass"]).order_by("due_at")
    asked = [
        (row.kind, (row.local_date - TODAY).days, row.wording) for row in texts if row.local_date
    ]
    weekly = [("signs", day, "signs") for day in (7, 14, 21, 28, 35, 42)]
    assert asked == [*weekly, ("pass", 42, "pass")]


@pytest.mark.parametrize(
    "body",
    ["N", "n.", "No", "no thank you", "NOPE", "none", "None of those", "nothing", "all good", "No, nada", "ninguno", "todo bien", "no gracias"],
)  # fmt: skip
def test_a_no_is_kept_and_holds_nothing(maria: Patient, body: str) -> None:
    ask(maria, "signs", at(12, day=7))
    assert say(maria, body, at(13, day=7)) == "no_signs"
    assert answers() == [("signs", 0)]
    assert not Alert.objects.exists()
    assert not InboxItem.objects.filter(handled_at=None).exists()


@pytest.mark.parametrize("body", ["Y", "y!", "Yes", "yes thanks", "si", "S", "Sí", "claro que si"])
def test_a_yes_is_a_red_flag(maria: Patient, body: str) -> None:
    ask(maria, "signs", at(12, day=7))
    assert say(maria, body, at(13, day=7)) == "red_flag_same_day"
    assert answers() == [("signs", 1)]
    alert = Alert.objects.get()
    assert (alert.reason, alert.severity, alert.program) == (
        "red_flag",
        "high",
        Program.objects.get(),
    )
    assert "weekly_signs" in alert.detail


@pytest.mark.parametrize("opt_out_type", ["", "START"])
def test_a_yes_that_twilio_takes_for_start_is_a_yes(maria: Patient, opt_out_type: str) -> None:
    ask(maria, "signs", at(12, day=7))
    row = factories.received("YES", maria, at=at(13, day=7))
    type(row).objects.update(opt_out_type=opt_out_type)
    inbound.read_inbound(now=at(13, day=7))
    assert answers() == [("signs", 1)]
    assert Alert.objects.filter(reason="red_flag").exists()


@pytest.mark.parametrize("body", ["👍", "✅", "👎"])
def test_a_thumb_says_nothing_of_signs(maria: Patient, body: str) -> None:
    """ "I have one", or "I am well"? It is asked again."""
    ask(maria, "signs", at(12, day=7))
    assert say(maria, body, at(13, day=7)) == "signs"
    assert answers() == []
    assert say(maria, "n", at(13, 5, day=7)) == "no_signs"


def test_words_beside_it_are_read_as_ever(maria: Patient) -> None:
    ask(maria, "signs", at(12, day=7))
    assert say(maria, "Y my calf is swollen and warm", at(13, day=7)) == "red_flag_emergency"
    assert "clot" in Alert.objects.get().detail
    assert say(maria, "7", at(13, 5, day=7)) != "no_signs"


def test_the_same_day_it_can_be_corrected_and_the_alert_stays(maria: Patient) -> None:
    ask(maria, "signs", at(12, day=7))
    say(maria, "y", at(13, day=7))
    assert say(maria, "no", at(13, 5, day=7)) == "no_signs"
    assert answers() == [("signs", 0)]
    # A person closes it, having asked.
    assert Alert.objects.filter(acknowledged_at=None).count() == 1


def test_the_next_day_it_is_closed(maria: Patient) -> None:
    ask(maria, "signs", at(12, day=7))
    assert say(maria, "n", at(9, day=8)) == "noted"
    assert answers() == []


def test_a_yes_after_the_exercises_were_asked_is_left_to_a_person(maria: Patient) -> None:
    """It may be meant for the signs: to take it for "done" would lose one."""
    ask(maria, "signs", at(12, day=7))
    ask(maria, "exercise", at(17, day=7))
    assert say(maria, "yes", at(18, day=7)).startswith("noted")
    assert (answers(), logs()) == ([], [])
    assert InboxItem.objects.filter(patient=maria, handled_at=None).exists()


def test_a_yes_is_done_where_signs_were_answered(maria: Patient) -> None:
    ask(maria, "signs", at(12, day=7))
    say(maria, "n", at(12, 30, day=7))
    ask(maria, "exercise", at(17, day=7))
    say(maria, "yes", at(18, day=7))
    assert [row.outcome for row in SessionLog.objects.all()] == ["done"]


def test_a_number_still_answers_the_morning(maria: Patient) -> None:
    ask(maria, "check_in", at(8, 30, day=7))
    ask(maria, "signs", at(12, day=7))
    assert say(maria, "4", at(13, day=7)) == "recorded"
    assert list(scores().values()) == [4]
    assert say(maria, "no", at(13, 5, day=7)) == "no_signs"


@pytest.mark.parametrize(
    ("body", "value"),
    [("Y", 1), ("si", 1), ("👍", 1), ("all good", 1), ("N", 0), ("no", 0), ("👎", 0)],
)
def test_pass_is_a_measure(maria: Patient, body: str, value: int) -> None:
    ask(maria, "pass", at(17, 30, day=42))
    assert say(maria, body, at(18, day=42)) == "recorded"
    assert answers() == [("pass", value)]
    assert not Alert.objects.exists()


class TestReview:
    """What an answer to PASS does at the review of week 6."""

    @pytest.fixture
    def program(self, maria: Patient) -> Program:
        """Six weeks without a change."""
        program = Program.objects.get()
        for day in range(43):
            record_check_in(
                program=program, local_date=TODAY + timedelta(days=day), score=5, source="sms",
                client_id=str(day), now=at(9, day=day),
            )  # fmt: skip  # a call
        return program

    def watched(self, program: Program, day: int) -> set[str]:
        on: date = TODAY + timedelta(days=day)
        now: datetime = at(22, day=day)
        watch_reviews(program, today=on, now=now)
        return set(program.alerts.values_list("reason", flat=True))

    @pytest.mark.parametrize(("body", "told"), [("y", False), ("n", True), ("", True)])
    def test_who_is_satisfied_has_responded(
        self, maria: Patient, program: Program, body: str, told: bool
    ) -> None:
        # On the day itself the answer is waited for.
        assert "no_change" not in self.watched(program, 42)
        ask(maria, "pass", at(17, 30, day=42))
        if body:
            say(maria, body, at(18, day=42))
        assert ("no_change" in self.watched(program, 43)) == told
        review = program.reviews.get(week=6)
        assert satisfied_at(review) is ({"y": True, "n": False}.get(body))

    def test_where_it_is_not_asked_nothing_waits(self, program: Program) -> None:
        program.schedules.filter(kind="pass").delete()
        assert "no_change" in self.watched(program, 42)


def test_once_only_steps_end() -> None:
    """A rule without a next day says so instead of searching on."""
    schedule = Schedule(kind="pass")
    steps = Schedule.FIXED[schedule.kind]
    rule = Rule(times=(time(9),), starts_on=TODAY, steps=steps)
    last = (TODAY + timedelta(days=182), 0)
    assert next_occurrence(rule, ZoneInfo("America/New_York"), last=last) is None
