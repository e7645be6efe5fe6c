"""The weekly count: what counts, what is praised, which tip is given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from exercises.content.tips import Tip, tips
from exercises.models import Alert, Barrier, Program
from exercises.reads.course import course_of
from exercises.reads.weeks import week_count, week_counts
from exercises.rules.coaching import (
    NOT_AGAIN_WITHIN,
    WITHOUT_TIPS,
    WeekCount,
    choose_tip,
    days_counted,
)
from exercises.rules.coaching import Barrier as What
from exercises.services import (
    LogSpec,
    log_session,
    pause_program,
    record_check_in,
    resume_program,
    tell_barrier,
)
from exercises.services.alerts import open_alert
from exercises.services.library import copy_template
from hep.errors import InvalidInputError
from notifications.wording.lint import problems
from tests import factories
from tests.factories import MORNING, TODAY

ON = TODAY + timedelta(days=8)
DAYS = days_counted(ON)


def of(done: int, planned: int, worst: int | None = None) -> WeekCount:
    return WeekCount(frozenset(DAYS[:done]), frozenset(DAYS[:planned]), worst)


class TestCount:
    """Pure."""

    @pytest.mark.parametrize(
        ("done", "planned", "is_met"),
        [(7, 7, True), (6, 7, True), (5, 7, False), (3, 3, True), (2, 3, False), (4, 5, True), (0, 2, False)],
    )  # fmt: skip  # a table
    def test_four_in_five_are_praised(self, done: int, planned: int, is_met: bool) -> None:
        assert of(done, planned).is_met is is_met

    @pytest.mark.parametrize(("worst", "is_sore"), [(None, False), (7, False), (8, True)])
    def test_pain_of_8_is_no_time_for_praise(self, worst: int | None, is_sore: bool) -> None:
        assert of(7, 7, worst).is_sore is is_sore

    def test_one_day_is_no_week(self) -> None:
        assert not of(1, 1).is_enough
        assert of(0, 2).is_enough

    def test_the_day_itself_is_not_over(self) -> None:
        assert [TODAY + timedelta(days=day) for day in range(1, 8)] == DAYS


class TestTips:
    """The library, and which of it is given."""

    def test_each_barrier_has_four_and_the_others_none(self) -> None:
        by_barrier = {what: sum(tip.barrier == what for tip in tips()) for what in What}
        assert by_barrier == {what: 0 if what in WITHOUT_TIPS else 4 for what in What}
        assert len({tip.key for tip in tips()}) == len(tips())

    def test_the_model_and_the_rule_name_the_same(self) -> None:
        assert list(Barrier.What.values) == list(What)

    @pytest.mark.parametrize("tip", tips(), ids=lambda tip: tip.key)
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_each_may_go_out_as_one_text(self, tip: Tip, language: str) -> None:
        assert problems("tip", tip.in_language(language)) == []

    @given(
        weeks=st.lists(st.sampled_from([row for row in What if row not in WITHOUT_TIPS]), max_size=40),
        gap=st.integers(7, 14),
    )  # fmt: skip  # a call
    def test_none_comes_again_within_three_weeks_and_each_answers(
        self, weeks: list[What], gap: int
    ) -> None:
        given_on: dict[str, date] = {}
        for number, what in enumerate(weeks):
            on = TODAY + timedelta(days=number * gap)
            tip = choose_tip(tips(), what, given=given_on, on=on)
            assert tip is not None
            assert tip.barrier == what
            assert on - given_on.get(tip.key, date.min) > NOT_AGAIN_WITHIN
            given_on[tip.key] = on

    def test_where_each_was_given_lately_none_is(self) -> None:
        lately = dict.fromkeys((tip.key for tip in tips()), TODAY)
        assert choose_tip(tips(), What.TIME, given=lately, on=ON) is None


@pytest.fixture
def program() -> Program:
    return factories.program()


def do(program: Program, *days: int) -> None:
    for day in days:
        log_session(
            program=program, local_date=TODAY + timedelta(days=day), log=LogSpec("exercise", "done"),
            source="sms", client_id=f"done-{day}", now=MORNING + timedelta(days=day, hours=9),
        )  # fmt: skip  # a call


@pytest.mark.django_db
class TestWeek:
    """Which days of a program count."""

    def test_days_done_of_those_planned(self, program: Program) -> None:
        do(program, 1, 2, 4)
        count = week_count(program, on=ON)
        assert (count.done, count.planned, count.worst_pain) == (3, 7, None)

    def test_a_day_before_the_last_pause_ended_does_not_count(self, program: Program) -> None:
        do(program, 1, 7)
        pause_program(program=program)
        program.refresh_from_db()
        resume_program(program=program, now=MORNING + timedelta(days=6))
        count = week_count(program, on=ON)
        assert (count.done, count.planned) == (1, 2)

    def test_nor_one_on_which_an_alert_held_the_exercises(self, program: Program) -> None:
        alert = open_alert(
            patient=program.patient, program=program, reason=Alert.Reason.RED_FLAG,
            detail="", now=MORNING + timedelta(days=3),
        )  # fmt: skip  # a call
        assert week_count(program, on=ON).planned == 2
        Alert.objects.filter(pk=alert.pk).update(acknowledged_at=MORNING + timedelta(days=4))
        assert week_count(program, on=ON).planned == 5

    def test_nor_one_before_the_start(self, program: Program) -> None:
        assert week_count(program, on=TODAY + timedelta(days=3)).planned == 3

    def test_the_worst_pain_of_the_week(self, program: Program) -> None:
        record_check_in(
            program=program, local_date=TODAY + timedelta(days=2), score=6, source="sms",
            client_id="a", now=MORNING + timedelta(days=2),
        )  # fmt: skip  # a call
        log_session(
            program=program, local_date=TODAY + timedelta(days=3),
            log=LogSpec("exercise", "done", pain_during=8), source="sms", client_id="b",
            now=MORNING + timedelta(days=3),
        )  # fmt: skip  # a call
        assert week_count(program, on=ON).worst_pain == 8
        assert week_count(program, on=ON + timedelta(days=7)).worst_pain is None

    def test_any_number_of_programs_costs_the_same(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        programs = [factories.program() for _ in range(4)]
        for count in (1, 4):
            with django_assert_num_queries(7):
                week_counts({row.pk: [ON] for row in programs[:count]})


@pytest.mark.django_db
class TestBarrier:
    """What is kept of an answer."""

    def tell(self, program: Program, what: str, *, day: int = 8) -> str:
        tip = tell_barrier(
            program=program, local_date=TODAY + timedelta(days=day), what=what, source="sms",
            now=MORNING + timedelta(days=day),
        )  # fmt: skip  # a call
        return tip.key if tip else ""

    def test_it_is_kept_with_the_count_and_the_tip(self, program: Program) -> None:
        do(program, 1, 2)
        key = self.tell(program, "forgot")
        row = Barrier.objects.get()
        assert (row.done, row.planned, row.what, row.tip) == (2, 7, "forgot", key)
        assert key.startswith("forgot-")

    def test_said_again_it_is_corrected_and_the_tip_was_not_given_twice(
        self, program: Program
    ) -> None:
        assert self.tell(program, "forgot") == self.tell(program, "forgot")
        assert self.tell(program, "time").startswith("time-")
        assert Barrier.objects.get().what == "time"

    def test_another_program_of_the_patient_gets_another_tip(self, program: Program) -> None:
        other = factories.program(
            program.patient,
            source=copy_template(template=factories.template(), clinic=program.patient.clinic),
        )
        assert self.tell(program, "time") != self.tell(other, "time")

    def test_pain_is_told_and_gets_no_tip(self, program: Program) -> None:
        assert self.tell(program, "pain") == ""
        alert = Alert.objects.get()
        assert (alert.reason, alert.severity) == ("skipped_for_pain", "high")
        assert alert.detail == "Pain got in the way: 0 of 7 days done"

    def test_pain_speaks_for_the_days_without_a_word(self, program: Program) -> None:
        """The load rule steps back for 2 of the last 3 sessions left out for pain."""
        do(program, 7)
        before = course_of(program, on=ON)
        assert not any(row.skipped_for_pain for row in before.sessions)
        self.tell(program, "pain")
        sessions = course_of(program, on=ON).sessions
        assert [row.day for row in sessions if row.skipped_for_pain] == [
            row.day for row in sessions if row.day in DAYS and row.share_done == 0
        ]
        assert any(row.skipped_for_pain for row in sessions)

    def test_what_is_no_barrier_is_refused(self, program: Program) -> None:
        with pytest.raises(InvalidInputError) as raised:
            self.tell(program, "weather")
        assert raised.value.field == "barrier"
        assert not Barrier.objects.exists()
