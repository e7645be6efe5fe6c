"""Logs of single items: what is kept, corrected, refused, and whom it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from exercises.models import Alert, Patient, Program, SessionLog
from exercises.reads.days import days_done, logged_days, plan_for_day
from exercises.services import LogSpec, edit_session, end_program, log_session
from hep.errors import ConflictError, InvalidInputError
from tests import factories
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
STRETCH = LogSpec("exercise", "done", exercise="plantar-fascia-stretch", slot="first_step", reps=10)
A_DAY = timedelta(days=1)


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, on its first day."""
    return factories.program(maria)


def log(
    program: Program,
    spec: LogSpec = STRETCH,
    *,
    day: date = TODAY,
    client_id: str = "a",
    now: datetime = MORNING,
) -> SessionLog:
    row = log_session(
        program=program, local_date=day, log=spec, source="app", client_id=client_id, now=now
    )
    # Written at the test's own moment, not at the clock's.
    SessionLog.objects.filter(pk=row.pk).update(created_at=now)
    return row


def test_an_item_is_kept_with_its_details(program: Program) -> None:
    spec = replace(STRETCH, sets=2, minutes=4, pain_during=2, note="Felt tight")
    row = log(program, spec)
    row.refresh_from_db()
    assert row.exercise is not None
    assert (row.exercise.slug, row.slot, row.kind) == (
        "plantar-fascia-stretch",
        "first_step",
        "exercise",
    )
    assert (row.sets, row.reps, row.minutes, row.pain_during) == (2, 10, 4, 2)
    assert plan_for_day(program, TODAY).items_logged == {("plantar-fascia-stretch", "first_step")}


def test_a_splints_hours_are_a_splint_log(program: Program) -> None:
    row = log(program, LogSpec("exercise", "done", exercise="night-splint", hours=Decimal("1.5")))
    assert (row.kind, row.hours) == ("splint", Decimal("1.5"))


def test_the_same_client_id_is_one_log(program: Program) -> None:
    assert log(program) == log(program)
    with pytest.raises(ConflictError) as refused:
        log(program, replace(STRETCH, reps=5))
    assert (refused.value.field, refused.value.code) == ("id", "id_taken")
    assert SessionLog.objects.get().reps == 10


@pytest.mark.parametrize(
    ("change", "day", "field", "code"),
    [
        ({}, TODAY + A_DAY, "local_date", "future"),
        ({}, TODAY - A_DAY, "local_date", "outside_program"),
        ({"exercise": "heel-raise", "slot": ""}, TODAY, "exercise", "not_planned"),
        ({"exercise": "headstand"}, TODAY, "exercise", "not_planned"),
        ({"slot": "bedtime"}, TODAY, "slot", "not_planned"),
        ({"sets": 0}, TODAY, "sets", "out_of_range"),
        ({"reps": 500}, TODAY, "reps", "out_of_range"),
        ({"minutes": 61}, TODAY, "minutes", "out_of_range"),
        ({"hours": Decimal(25)}, TODAY, "hours", "out_of_range"),
        ({"pain_during": 11}, TODAY, "pain_during", "out_of_range"),
        ({"reason": "pain"}, TODAY, "reason", "invalid"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    program: Program, change: dict[str, Any], day: date, field: str, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        log(program, replace(STRETCH, **change), day=day)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not SessionLog.objects.exists()


def test_a_day_after_the_last_week_is_outside(program: Program) -> None:
    factories.moved_by_calendar(program)
    program.phases.filter(number=4).delete()
    later = MORNING + timedelta(weeks=13)
    with pytest.raises(InvalidInputError, match="over on this day"):
        log(program, day=TODAY + timedelta(weeks=13), now=later)


class TestEditing:
    """Corrections of the same day."""

    def test_what_it_said_before_is_kept(self, program: Program) -> None:
        row = log(program, replace(STRETCH, hours=Decimal("0.5"), pain_during=3))
        edit_session(
            log=row, to=replace(STRETCH, reps=8, pain_during=4), edited_by=None, now=MORNING
        )
        row.refresh_from_db()
        assert (row.reps, row.pain_during, row.hours) == (8, 4, None)
        before = row.edits.get().before
        assert (before["reps"], before["pain_during"], before["hours"]) == (10, 3, "0.5")

    def test_an_edit_that_changes_nothing_leaves_no_history(self, program: Program) -> None:
        row = log(program)
        edit_session(log=row, to=STRETCH, edited_by=None, now=MORNING)
        assert not row.edits.exists()

    def test_only_on_the_day_it_was_written(self, program: Program) -> None:
        row = log(program)
        midnight = MORNING.replace(day=4, hour=5)  # in New York
        edit_session(
            log=row,
            to=replace(STRETCH, reps=9),
            edited_by=None,
            now=midnight - timedelta(seconds=1),
        )
        with pytest.raises(ConflictError) as refused:
            edit_session(log=row, to=STRETCH, edited_by=None, now=midnight)
        assert refused.value.code == "too_late"

    def test_a_figure_without_sense_changes_nothing(self, program: Program) -> None:
        row = log(program)
        with pytest.raises(InvalidInputError):
            edit_session(log=row, to=replace(STRETCH, sets=99), edited_by=None, now=MORNING)
        row.refresh_from_db()
        assert row.sets is None


class TestPainDuring:
    """More than 5 in two sessions running."""

    def session(self, program: Program, pain: int, day: int) -> None:
        at = MORNING + timedelta(days=day)
        spec = replace(STRETCH, pain_during=pain)
        log(program, spec, day=TODAY + timedelta(days=day), client_id=f"s{day}-{pain}", now=at)

    @pytest.mark.parametrize(
        ("pains", "opens"),
        [
            ((6, 6), True),
            ((8,), False),
            ((9,), True),
            ((2, 10), True),
            ((6, 5), False),
            ((5, 6), False),
            ((6, 4, 7), False),
        ],
    )
    def test_it_takes_two_sessions_running_or_nine(
        self, program: Program, pains: tuple[int, ...], opens: bool
    ) -> None:
        for day, pain in enumerate(pains):
            self.session(program, pain, day)
        assert Alert.objects.filter(reason="pain_during", severity="high").exists() == opens

    def test_a_session_entered_late_counts_at_its_place(self, program: Program) -> None:
        self.session(program, 7, 1)
        self.session(program, 6, 0)
        assert Alert.objects.get().detail == "6, beside 7 in the session next to it"

    def test_a_session_long_ago_does_not_run_into_this_one(self, program: Program) -> None:
        self.session(program, 7, 0)
        self.session(program, 7, 8)
        assert not Alert.objects.exists()

    def test_two_items_of_one_day_are_one_session(self, program: Program) -> None:
        self.session(program, 7, 0)
        self.session(program, 8, 0)
        assert not Alert.objects.exists()


class TestWhatIsLeftToLog:
    """A reminder comes while something of the day is left."""

    def told(self, program: Program) -> set[str]:
        return {kind for _, _, kind in logged_days(programs=[program.pk], dates=[TODAY])}

    def test_one_item_of_many_is_not_the_day(self, program: Program) -> None:
        log(program)
        assert self.told(program) == set()

    def test_a_day_is_done_with_half_of_its_rounds(self, program: Program) -> None:
        log(program)
        assert days_done(program, since=TODAY) == set()
        for slug in ("ball-rolling", "soleus-stretch"):
            log(program, LogSpec("exercise", "done", exercise=slug), client_id=slug)
        assert days_done(program, since=TODAY) == {TODAY}

    def test_every_item_is_the_day(self, program: Program) -> None:
        rounds = plan_for_day(program, TODAY).plan.rounds
        for number, planned in enumerate(rounds):
            if planned.hours is None:
                spec = LogSpec(
                    "exercise", "done", exercise=planned.item.exercise, slot=planned.slot
                )
                log(program, spec, client_id=str(number))
        assert self.told(program) == {"exercise"}

    def test_a_log_without_a_time_speaks_of_all_its_rounds(self, program: Program) -> None:
        items = {planned.item.exercise for planned in plan_for_day(program, TODAY).plan.rounds}
        for slug in items:
            log(program, LogSpec("exercise", "done", exercise=slug), client_id=slug)
        assert self.told(program) == {"exercise", "splint"}

    def test_an_ended_program_keeps_its_logs(self, program: Program) -> None:
        log(program, LogSpec("exercise", "done"))
        end_program(program=program)
        assert self.told(program) == {"exercise"}


@pytest.mark.parametrize("days", [1, 10])
def test_a_days_plan_costs_the_same_queries(
    program: Program, days: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(days):
        at = MORNING + timedelta(days=day)
        log(program, day=TODAY + timedelta(days=day), client_id=str(day), now=at)
    with django_assert_num_queries(3):
        plan_for_day(program, TODAY)
