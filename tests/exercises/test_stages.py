"""Load never rises by itself: what waits for a decision, for how long, and what does not wait."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.models import CheckIn, Exercise, Patient, Program, SessionLog, User
from exercises.reads.versions import (
    ProgramVersions,
    program_phases,
    program_versions,
    standing_phases,
)
from exercises.rules.phases import parse_phases
from exercises.rules.plan import Item, week_of
from exercises.rules.stages import demands, next_rise, postponed, rises_in, stage_of
from exercises.services import (
    IntakeSpec,
    accept_proposal,
    assign_program,
    change_program,
    propose,
)
from hep.env import REPOSITORY
from hep.errors import InvalidInputError
from tests import factories
from tests.depth import tries
from tests.factories import MORNING, TODAY

SNAPSHOT = REPOSITORY / "tests/exercises/stages_plantar_fasciitis.txt"
WEEKS = 12


def item(exercise: str, first: int, last: int | None = None, **dose: Any) -> Item:
    known: dict[str, Any] = {"name": exercise, "phase": "One", "minutes_a_round": 3}
    return Item(exercise=exercise, first_week=first, last_week=last, **known, **dose)


@pytest.mark.parametrize(
    ("label", "before", "after", "rises"),
    [
        ("the same", {"sets": 3}, {"sets": 3}, False),
        ("a set more", {"sets": 3}, {"sets": 4}, True),
        ("a set less", {"sets": 3}, {"sets": 2}, False),
        ("a heavier maximum with fewer repetitions", {"load": "12RM", "reps": 12}, {"load": "10RM", "reps": 10}, True),
        ("a lighter maximum with more repetitions", {"load": "8RM", "reps": 8}, {"load": "12RM", "reps": 12}, False),
        ("more repetitions", {"reps": 10}, {"reps": 12}, True),
        ("another band", {"load": "yellow"}, {"load": "red"}, True),
        ("every second day, then daily", {"every_n_days": 2}, {"every_n_days": 1}, True),
        ("a taper", {"every_n_days": 1}, {"every_n_days": 2}, False),
        ("two days a week, then three", {"weekdays": (0, 3)}, {"weekdays": (0, 2, 4)}, True),
        ("one more time of the day", {"slots": ("evening",)}, {"slots": ("midday", "evening")}, True),
        ("the ramp, then its end", {"ramps": True}, {"hours": 6}, False),
        ("longer holds", {"hold_seconds": 30}, {"hold_seconds": 45}, True),
    ],
)  # fmt: skip
def test_what_is_a_rise(
    label: str, before: dict[str, Any], after: dict[str, Any], rises: bool
) -> None:
    asked = [item("a", 1, 2, **before), item("a", 3, None, **after)]
    assert rises_in(asked, 3) is rises, label


def test_a_new_exercise_is_a_rise_and_one_that_goes_is_none() -> None:
    assert rises_in([item("a", 1), item("b", 3)], 3)
    assert not rises_in([item("a", 1), item("b", 1, 2)], 3)
    assert next_rise([item("a", 1), item("b", 3), item("c", 5)], after=3) == 5
    assert next_rise([item("a", 1), item("b", 1, 2)], after=1) is None


def test_what_is_postponed_moves_and_what_is_before_goes_on() -> None:
    items = [
        {"exercise": "raise", "load": "12RM", "last_week": 4},
        {"exercise": "raise", "load": "10RM", "first_week": 5},
    ]
    phases = parse_phases(
        [
            {"number": 1, "name": "Load", "first_week": 1, "last_week": 6, "items": items},
            {"number": 2, "name": "Keep", "first_week": 7, "items": [{"exercise": "raise"}]},
        ]
    )
    moved = postponed(phases, from_week=5, weeks=2)
    assert [(row.first_week, row.last_week) for row in moved] == [(1, 8), (9, None)]
    assert [(i.first_week, i.last_week) for i in moved[0].items] == [(None, 6), (7, None)]
    assert parse_phases([row.model_dump() for row in moved]) == moved
    stage = stage_of(moved, 6)
    assert stage is not None
    assert [i.load for i in stage.items] == ["12RM"]


@pytest.mark.parametrize(
    ("item", "code"),
    [({"exercise": "a", "first_week": 9}, "inconsistent"), ({"exercise": "a", "slots": ["midday", "midday"]}, "inconsistent"), ({"exercise": "a", "sets": 0}, "invalid")],
)  # fmt: skip
def test_what_does_not_fit_together_has_a_code_of_its_own(item: dict[str, Any], code: str) -> None:
    """A schema can tell a part's limits, and not that weeks lie within the phase's."""
    phase = {"number": 1, "name": "One", "first_week": 1, "last_week": 4, "items": [item]}
    with pytest.raises(InvalidInputError) as refused:
        parse_phases([phase])
    assert refused.value.code == code


DOSES = st.fixed_dictionaries(
    {},
    optional={
        "sets": st.integers(1, 5),
        "load": st.sampled_from(["12RM", "10RM", "8RM", "red"]),
        "every_n_days": st.integers(1, 3),
        "hold_seconds": st.integers(5, 45),
    },
)


@st.composite
def programs(draw: st.DrawFn) -> list[Item]:
    """Items of up to three exercises over a dozen weeks, one after another or side by side."""
    rows = []
    for name in draw(st.sets(st.sampled_from("abc"), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(1, WEEKS), min_size=1, max_size=4)))
        for first, after in itertools.zip_longest(edges, edges[1:]):
            last = None if after is None else after - 1
            rows.append(item(name, first, last, **draw(DOSES)))
    return rows


@given(
    items=programs(),
    decisions=st.dictionaries(st.integers(0, 100), st.none(), max_size=4).map(sorted),
)
def test_no_dose_rises_on_a_day_without_a_decision(
    items: Sequence[Item], decisions: list[int]
) -> None:
    """Each decision is a version from its day on, decided for the week it lies in."""
    days = [0, *(day for day in decisions if day > 0)]
    versions = ProgramVersions(
        TODAY,
        tuple((number, TODAY + timedelta(days=day)) for number, day in enumerate(days, 1)),
        dict.fromkeys(range(1, len(days) + 1), items),
        {number: day // 7 + 1 for number, day in enumerate(days, 1)},
    )
    before: dict[str, Any] = {}
    for day in range(100):
        on = TODAY + timedelta(days=day)
        week = versions.stage_on(on).week
        assert week is not None
        now = demands(items, week)
        if day and day not in days:
            risen = [name for name in now if name not in before or now[name].is_above(before[name])]
            assert not risen, (day, risen)
        before = now


@given(items=programs(), start=st.integers(0, 13))
def test_no_exercise_of_every_second_day_comes_on_two_days_running(
    items: Sequence[Item], start: int
) -> None:
    """Also where a change begins in the middle of a week."""
    every_second = [row.model_copy(update={"every_n_days": 2}) for row in items]
    versions = ProgramVersions(
        TODAY,
        ((1, TODAY), (2, TODAY + timedelta(days=start + 1))),
        {1: every_second, 2: every_second},
        {1: 1, 2: WEEKS},
    )
    days = [{row.item.exercise for row in versions.plan_on(TODAY + timedelta(days=day)).rounds} for day in range(90)]  # fmt: skip
    for one, other in itertools.pairwise(days):
        assert not one & other


def told(program: Program, day: int, *, pain: int, score: int, known: dict[str, int]) -> None:
    """A day on which everything was done: rows, because there are many."""
    on, at = TODAY + timedelta(days=day), MORNING + timedelta(days=day)
    rounds = program_versions(program).plan_on(on).rounds
    CheckIn.objects.create(program=program, local_date=on, score=score, source="app")
    SessionLog.objects.bulk_create(
        SessionLog(
            program=program,
            local_date=on,
            kind="splint" if row.hours is not None else "exercise",
            outcome="done",
            source="app",
            exercise_id=known[row.item.exercise],
            slot="" if row.slot == "any" else row.slot,
            pain_during=pain,
            client_id=f"{row.item.exercise}{row.slot}{on}",
            created_at=at,
        )
        for row in rounds
    )


def live(
    program: Program, by: User, *, accepts: bool, pain: int = 2, score: int = 4, days: int = 84
) -> list[str]:
    """Twelve weeks, a line for each change of what is asked: day, phase, loaded items."""
    known = dict(Exercise.objects.filter(clinic=None).values_list("slug", "pk"))
    lines: list[str] = []
    for day in range(days):
        on, evening = TODAY + timedelta(days=day), MORNING + timedelta(days=day, hours=13)
        versions = program_versions(program)
        week = versions.stage_on(on).week
        asked = sorted(
            f"{row.exercise} {row.sets or 1}x{row.reps or '-'} {row.load}".strip()
            for row in versions.items_on(on)
            if row.first_week <= (week or 0) and (row.last_week or 99) >= (week or 0)
            if row.exercise != "night-splint"
        )
        line = f"{versions.phase_on(on)}: {', '.join(asked)}"
        if not lines or not lines[-1].endswith(line):
            lines.append(f"day {day + 1:2} {line}")
        told(program, day, pain=pain, score=score, known=known)
        proposal = propose(program=program, now=evening)
        if proposal is not None and accepts and proposal.kind in {"forward", "progress"}:
            accept_proposal(proposal=proposal, by=by, now=evening)
            program.refresh_from_db()
    return lines


@pytest.mark.django_db
def test_twelve_weeks_of_four_courses_are_as_reviewed(clinic: Any, alice: User) -> None:
    """Nobody decides; all is accepted; pain of 5 while exercising; a stay of three weeks."""

    def program() -> Program:
        return factories.program(factories.PatientFactory.create(clinic=clinic))

    stays = program()
    first = live(stays, alice, accepts=False, days=35)
    courses = {
        "nobody decides": live(program(), alice, accepts=False),
        "all is accepted": live(program(), alice, accepts=True),
        "pain of 5 while exercising": live(program(), alice, accepts=True, pain=5),
        "decided after five weeks": first + _accept_late(stays, alice),
    }
    text = "\n".join(
        f"{name}\n" + "\n".join(f"  {line}" for line in lines) for name, lines in courses.items()
    )
    assert f"{text}\n" == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "steps"), [((), True), (("falls",), False)])
def test_no_step_leads_to_what_is_spoken_against(
    clinic: Any, alice: User, known: tuple[str, ...], steps: bool
) -> None:
    """Raises on the floor, fitted to somebody who falls, once led back to the step by the rule."""
    patient = factories.PatientFactory.create(clinic=clinic)
    program = assign_program(
        patient=patient,
        template=factories.template(),
        start_date=TODAY,
        side="left",
        schedules=[],
        assigned_by=alice,
        now=MORNING,
        intake=IntakeSpec(before=known, start_raises=3, fit=True),
    )
    live(program, alice, accepts=True)
    changes = [json.dumps(row.changes) for row in program.proposals.all()]
    assert any("heel-raise-easier" in row for row in changes)
    assert any("heel-raise-two-legs" in row for row in changes) == steps


def _accept_late(program: Program, by: User) -> list[str]:
    proposal = program.proposals.get(status="open")
    assert proposal.kind == "forward"
    accept_proposal(proposal=proposal, by=by, now=MORNING + timedelta(days=35))
    program.refresh_from_db()
    on = TODAY + timedelta(days=35)
    versions = program_versions(program)
    return [
        f"then   {versions.phase_on(day)}: week {versions.stage_on(day).week}"
        for day in (on - timedelta(days=1), on, on + timedelta(days=13), on + timedelta(days=40))
    ]


@pytest.mark.django_db
class TestChanges:
    """A change of something else lets nothing begin."""

    @pytest.fixture
    def program(self, maria: Patient) -> Program:
        return factories.program(maria)

    def test_a_step_back_in_week_five_does_not_begin_the_stage_that_waits(
        self, program: Program, alice: User
    ) -> None:
        now = MORNING + timedelta(days=30)
        on = TODAY + timedelta(days=30)
        assert program_versions(program).phase_on(on) == "Calm"
        asked = standing_phases(program, on=on)
        change_program(program=program, phases=asked, reason="A note.", changed_by=alice, now=now)
        for day in (30, 60, 83):
            assert program_versions(program).phase_on(TODAY + timedelta(days=day)) == "Calm"

    def test_days_that_are_past_stay_what_they_were(self, program: Program, alice: User) -> None:
        past = [TODAY + timedelta(days=day) for day in range(30)]
        before = [program_versions(program).plan_on(day) for day in past]
        change_program(
            program=program,
            phases=program_phases(program),
            reason="On.",
            changed_by=alice,
            now=MORNING + timedelta(days=30),
        )
        program.refresh_from_db()
        assert [program_versions(program).plan_on(day) for day in past] == before
        # Written as it stands in the calendar: the person decided for this week.
        assert program_versions(program).phase_on(TODAY + timedelta(days=30)) == "Load"

    def test_a_program_that_ran_before_goes_on_by_the_calendar(self, program: Program) -> None:
        factories.moved_by_calendar(program)
        assert program_versions(program).phase_on(TODAY + timedelta(days=14)) == "Load"

    def test_an_assignment_in_the_middle_is_decided_up_to_its_week(
        self, maria: Patient, alice: User
    ) -> None:
        started = factories.program(maria, now=MORNING)
        versions = program_versions(started)
        assert versions.decided == {1: 1}
        assert week_of(TODAY + timedelta(days=20), start_date=TODAY) == 3


@pytest.mark.django_db
class TestAdapted:
    """A step forward that the provider adapted holds as one that was accepted as it stood."""

    @pytest.mark.parametrize("late", [0, 6, 20])
    def test_it_begins_on_the_day_it_is_accepted(
        self, maria: Patient, alice: User, late: int
    ) -> None:
        ours, theirs = factories.program(maria), factories.program()
        for program in (ours, theirs):
            live(program, alice, accepts=False, days=35)
        on = TODAY + timedelta(days=35 + late)
        for program in (ours, theirs):
            proposal = program.proposals.get(status="open")
            assert proposal.kind == "forward"
            adapted = parse_phases(proposal.changes) if program == theirs else None
            now = MORNING + timedelta(days=35 + late)
            accept_proposal(proposal=proposal, by=alice, now=now, phases=adapted)
            program.refresh_from_db()
        as_it_stood, as_adapted = program_versions(ours), program_versions(theirs)
        for ahead in range(0, 90, 5):
            day = on + timedelta(days=ahead)
            assert as_adapted.phase_on(day) == as_it_stood.phase_on(day)
        assert as_adapted.phase_on(on) == "Load"
        assert as_adapted.phase_on(on - timedelta(days=1)) == "Calm"

    def test_a_later_week_is_somebodys_wish(self, maria: Patient, alice: User) -> None:
        program = factories.program(maria)
        live(program, alice, accepts=False, days=14)
        proposal = program.proposals.get(status="open")
        week = week_of(proposal.local_date, start_date=TODAY)
        later = postponed(parse_phases(proposal.changes), from_week=week + 1, weeks=2)
        now = MORNING + timedelta(days=14)
        accept_proposal(proposal=proposal, by=alice, now=now, phases=later)
        program.refresh_from_db()
        begins = TODAY + timedelta(weeks=week + 2)
        versions = program_versions(program)
        assert versions.phase_on(begins - timedelta(days=1)) == "Calm"
        assert versions.phase_on(begins) == "Load"


BAD_DAY = st.tuples(st.integers(0, 10), st.none() | st.integers(0, 10), st.booleans())


# The same lines thousands of times: others count them.
@pytest.mark.no_cover
@pytest.mark.django_db
@settings(
    max_examples=tries(4, 15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(days=st.lists(BAD_DAY, min_size=20, max_size=28))
def test_nothing_is_proposed_upwards_within_a_week_of_a_rise(
    clinic: Any, alice: User, days: list[tuple[int, int | None, bool]]
) -> None:
    """Courses with missing days, bad mornings and skips; what is accepted is checked as well."""
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    known = dict(Exercise.objects.filter(clinic=None).values_list("slug", "pk"))
    scores: dict[date, int] = {}
    for day, (score, pain, answers) in enumerate(days):
        now: datetime = MORNING + timedelta(days=day, hours=13)
        if answers:
            told(program, day, pain=pain or 0, score=score, known=known)
            scores[TODAY + timedelta(days=day)] = score
        proposal = propose(program=program, now=now)
        if proposal is None or proposal.kind not in {"forward", "progress"}:
            continue
        today = TODAY + timedelta(days=day)
        for back in range(7):
            on = today - timedelta(days=back)
            week = sorted(scores[d] for d in scores if 1 <= (on - d).days <= 7)
            if on in scores and len(week) >= 3:
                middle = week[len(week) // 2] if len(week) % 2 else sum(week[len(week) // 2 - 1 : len(week) // 2 + 1]) / 2  # fmt: skip
                assert scores[on] - middle < 2
        accept_proposal(proposal=proposal, by=alice, now=now)
        program.refresh_from_db()
