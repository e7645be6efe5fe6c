"""The plan of a day: pure rules, the default program day by day, and bad content."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from exercises.content import load_content
from exercises.content.files import TemplateContent
from exercises.models import Patient, Prescription
from exercises.reads.days import plan_for_day
from exercises.rules.phases import PhaseSpec
from exercises.rules.plan import Item, calendar, is_planned, phase_on, plan_on, ramp_hours
from exercises.services import LogSpec, log_session
from hep.env import REPOSITORY
from tests import factories
from tests.factories import MORNING, TODAY

MONDAY = date(2026, 1, 5)
SNAPSHOT = REPOSITORY / "tests/exercises/calendar_plantar_fasciitis.txt"


def item(**values: Any) -> Item:
    """A daily item of week 1 on, unless told otherwise."""
    usual: dict[str, Any] = {"exercise": "a", "name": "A", "phase": "One", "minutes_a_round": 4}
    weeks: dict[str, Any] = {"first_week": 1, "last_week": None}
    return Item(**(usual | weeks | values))


def test_the_splint_ramp() -> None:
    assert [ramp_hours(night) for night in range(1, 11)] == [2, 2, 2, 3, 4, 5, 6, 6, 6, 6]


@pytest.mark.parametrize(
    ("label", "values", "days"),
    [
        ("daily", {}, range(1, 22)),
        ("every second day", {"every_n_days": 2}, range(1, 22, 2)),
        ("weekdays", {"weekdays": (0, 3)}, (1, 4, 8, 11, 15, 18)),
        ("its own weeks", {"first_week": 2, "last_week": 2}, range(8, 15)),
        (
            "every third day from its first week",
            {"first_week": 2, "every_n_days": 3},
            (8, 11, 14, 17, 20),
        ),
    ],
)
def test_on_which_days_an_item_stands(label: str, values: dict[str, Any], days: Any) -> None:
    on = [
        number
        for number, plan in enumerate(calendar([item(**values)], start_date=MONDAY, days=21), 1)
        if plan.rounds
    ]
    assert on == list(days), label


@given(
    first=st.integers(1, 20),
    length=st.none() | st.integers(1, 20),
    every=st.integers(1, 14),
    weekdays=st.sets(st.integers(0, 6)),
    offset=st.integers(-30, 400),
)
def test_an_item_keeps_to_its_weeks_and_its_rhythm(
    first: int, length: int | None, every: int, weekdays: set[int], offset: int
) -> None:
    last = None if length is None else first + length - 1
    row = item(first_week=first, last_week=last, every_n_days=every, weekdays=tuple(weekdays))
    on = MONDAY + timedelta(days=offset)
    week = offset // 7 + 1
    inside = first <= week and (last is None or week <= last)
    rhythm = on.weekday() in weekdays if weekdays else (offset - 7 * (first - 1)) % every == 0
    assert is_planned(row, start_date=MONDAY, on=on) == (inside and rhythm)


def test_a_day_counts_exercises_once_and_minutes_for_each_round() -> None:
    items = [item(slots=("midday", "evening")), item(exercise="b", name="B", times_per_day=3)]
    plan = plan_on(items, start_date=MONDAY, on=MONDAY)
    assert (plan.count, plan.minutes) == (2, 20)
    assert [planned.slot for planned in plan.rounds] == ["midday", "evening", "any", "any", "any"]
    assert phase_on(items, start_date=MONDAY, on=MONDAY - timedelta(days=1)) == ""


@pytest.mark.django_db
class TestTheDefaultProgram:
    """Twelve weeks of plantar fasciitis, as a clinician read them."""

    def printed(self, *options: str) -> str:
        load_content()
        out = io.StringIO()
        call_command("program_calendar", "plantar-fasciitis", *options, stdout=out)
        return out.getvalue()

    def days(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.printed("--json"))
        return rows

    def doses(self, slug: str) -> dict[int, dict[str, Any]]:
        """The first round of an exercise by day."""
        return {
            row["day"]: entry
            for row in self.days()
            for entry in reversed(row["items"])
            if entry["exercise"] == slug
        }

    def test_it_is_what_was_reviewed(self) -> None:
        lines = [line.rstrip() for line in self.printed().splitlines()]
        assert lines == SNAPSHOT.read_text().splitlines()
        assert len(lines) == 1 + 84

    def test_heel_raises_come_every_second_day_with_the_weeks_scheme(self) -> None:
        doses = self.doses("heel-raise")
        assert list(doses) == list(range(15, 85, 2))
        for day, dose in doses.items():
            week = (day - 1) // 7 + 1
            scheme = (
                (3, 12, "12RM") if week <= 4 else (4, 10, "10RM") if week <= 6 else (5, 8, "8RM")
            )
            assert (dose["sets"], dose["reps"], dose["load"]) == scheme, day

    def test_the_splint_ramps_up_stays_and_tapers(self) -> None:
        hours = {day: dose["hours"] for day, dose in self.doses("night-splint").items()}
        assert [hours[day] for day in range(1, 15)] == [2, 2, 2, 3, 4, 5] + [6] * 8
        assert {hours[day] for day in range(15, 71)} == {6}
        assert sorted(day for day in hours if day > 70) == list(range(71, 85, 2))

    def test_the_first_stretch_is_before_the_first_step_of_every_day(self) -> None:
        assert all(row["items"][0]["slot"] == "first_step" for row in self.days())

    def test_no_day_asks_for_more_than_five_exercises(self) -> None:
        for row in self.days():
            assert len({entry["exercise"] for entry in row["items"]}) <= 5, row["day"]

    def test_an_unknown_template_is_named(self) -> None:
        load_content()
        with pytest.raises(CommandError, match="plantar-fasciitis"):
            call_command("program_calendar", "no-such")


@pytest.mark.django_db
def test_a_programs_day_is_its_templates_day_with_what_is_logged(maria: Patient) -> None:
    program = factories.program(maria)
    day = plan_for_day(program, TODAY)
    assert day.phase == "Calm"
    assert (day.plan.count, day.logged) == (5, frozenset())
    assert day.plan.rounds[-1].hours == 2
    log_session(
        program=program,
        local_date=TODAY,
        log=LogSpec("splint", "done"),
        source="app",
        client_id="a",
        now=MORNING,
    )
    assert plan_for_day(program, TODAY).logged == {"splint"}
    assert plan_for_day(program, TODAY - timedelta(days=1)).plan.rounds == ()


@pytest.mark.django_db
def test_the_snapshot_keeps_slots_weeks_and_weekdays(maria: Patient) -> None:
    program = factories.program(maria)
    raises = Prescription.objects.filter(phase__program=program, exercise__slug="heel-raise")
    weeks = raises.order_by("phase__number", "position").values_list(
        "first_week", "last_week", "load"
    )
    assert list(weeks) == [
        (None, 4, "12RM"),
        (5, None, "10RM"),
        (None, None, "8RM"),
        (None, None, "8RM"),
    ]


DOSE = {"exercise": "heel-raise"}
PHASE = {"number": 1, "name": "One", "first_week": 1, "last_week": 2, "items": [DOSE]}
TEMPLATE = {
    "slug": "a", "name": "A", "description": "", "screen": "knee", "evidence": "", "verified": False,
    "citation": "unverified",
}  # fmt: skip  # a table


@pytest.mark.parametrize(
    ("dose", "problem"),
    [
        ({"sets": 0}, "sets"),
        ({"hold_seconds": 600}, "hold_seconds"),
        ({"hours": 25}, "hours"),
        ({"reps": 51}, "reps"),
        ({"minutes": 0}, "minutes"),
        ({"weekdays": [7]}, "weekdays"),
        ({"slots": ["noon"]}, "slots"),
        ({"first_week": 521}, "first_week"),
        ({"slots": ["midday", "midday"]}, "each time of a day once"),
        ({"first_week": 3}, "not within its phase"),
        ({"first_week": 2, "last_week": 1}, "not within its phase"),
        ({"spoons": 3}, "spoons"),
    ],
)
def test_a_dose_without_sense_is_refused_by_name(dose: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        PhaseSpec.model_validate(PHASE | {"items": [DOSE | dose]})


@pytest.mark.parametrize(
    ("phases", "problem"),
    [
        ([], "phases"),
        ([PHASE | {"items": []}], "items"),
        ([PHASE, PHASE | {"number": 2}], "phase 2 must begin after phase 1"),
        ([PHASE, PHASE | {"number": 2, "first_week": 4, "last_week": 5}], "phase 2 must begin"),
        (
            [PHASE | {"last_week": None}, PHASE | {"number": 2, "first_week": 3, "last_week": 4}],
            "phase 2 must begin",
        ),
    ],
)
def test_phases_that_do_not_follow_each_other_are_refused(
    phases: list[dict[str, Any]], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        TemplateContent.model_validate(TEMPLATE | {"phases": phases})
