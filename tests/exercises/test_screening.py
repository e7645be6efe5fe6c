"""What an intake screen says of a program: the signs, what speaks against it, what fits instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.content import asked_before, before_assigning, screens, start_test
from exercises.content.files import read_exercises, read_templates
from exercises.rules.phases import PhaseSpec, check_phases
from exercises.rules.screening import Against, fits, fitted, of_age

TEMPLATES = {template.slug: template for template in read_templates()}
HEEL, ACHILLES = TEMPLATES["plantar-fasciitis"], TEMPLATES["achilles-tendinopathy"]
TICKS = st.sets(st.sampled_from(sorted(before_assigning())))


def exercises_in(phases: tuple[PhaseSpec, ...]) -> set[str]:
    return {item.exercise for phase in phases for item in phase.items}


@pytest.mark.parametrize(
    ("screen", "found", "they_fit"),
    [
        # W20: three signs without any pain at the heel were enough once.
        ("plantar-fasciitis", {"long_standing", "recent_load", "tarsal_tunnel_negative"}, False),
        ("plantar-fasciitis", {"medial_heel", "long_standing", "recent_load", "high_bmi"}, False),
        ("plantar-fasciitis", {"first_steps", "tender_heel", "windlass", "stiff_ankle"}, False),
        ("plantar-fasciitis", {"medial_heel", "first_steps"}, False),
        ("plantar-fasciitis", {"medial_heel", "first_steps", "windlass"}, True),
        ("plantar-fasciitis", {"medial_heel", "tender_heel", "high_bmi"}, True),
        ("achilles", {"morning_stiffness", "load_related", "thick_tendon"}, False),
        ("achilles", {"midportion", "load_related"}, True),
        ("achilles", {"insertion", "morning_stiffness"}, True),
        ("shin", {"load_related", "recent_load"}, False),
        ("shin", {"along_the_shin", "load_related"}, True),
        ("quadriceps", {"load_related", "recent_load"}, False),
        ("knee", {"front_of_knee"}, False),
        ("knee", {"front_of_knee", "stairs_or_squat"}, True),
    ],
)
def test_signs_of_the_condition(screen: str, found: set[str], they_fit: bool) -> None:
    assert screens()[screen].fits(found) == they_fit


def test_one_of_each_that_is_needed() -> None:
    assert not fits({"a", "b"}, least=2, needed=[["c", "d"]])
    assert fits({"a", "c"}, least=2, needed=[["c", "d"]])
    assert not fits({"c"}, least=2, needed=[])


def test_every_screen_can_be_met_and_asks_what_is_there() -> None:
    exercises = {row.slug for row in read_exercises()}
    for screen in screens().values():
        keys = {row.key for row in screen.pattern}
        assert screen.fits(keys)
        assert {key for group in screen.needed for key in group} <= keys
    for row in before_assigning().values():
        assert set(row.screens) <= set(screens())
        assert set(row.instead) <= set(row.not_with)
        assert set(row.instead.values()) <= exercises - set(row.not_with), row.key
    test = start_test()
    counts = [row.fewer_than for row in test.begin_with]
    assert counts == sorted(set(counts))
    assert {*test.one_leg, *(row.exercise for row in test.begin_with)} <= exercises


@pytest.mark.parametrize(
    ("born", "known"),
    [(2009, {"minor"}), (2008, set()), (1990, set()), (1962, set()), (1961, {"falls"}), (1930, {"falls"}), (None, set())],
)  # fmt: skip
def test_what_the_year_of_birth_says(born: int | None, known: set[str]) -> None:
    assert of_age(born, year=2026) == known


@pytest.mark.parametrize(
    ("raises", "first"),
    [(0, "heel-raise-easier"), (7, "heel-raise-easier"), (8, "heel-raise-up-two-down-one"), (11, "heel-raise-up-two-down-one"), (12, "heel-raise"), (30, "heel-raise")],
)  # fmt: skip
def test_the_start_test_says_what_to_begin_with(raises: int, first: str) -> None:
    against = start_test().against(raises)
    phases = fitted(HEEL.phases, [against] if against else [])
    raised = [item for phase in phases for item in phase.items if "heel-raise" in item.exercise]
    assert {item.exercise for item in raised} == {first}
    if first != "heel-raise":
        # A repetition maximum is of the exercise that it was; later weeks ask for no more.
        assert {(item.sets, item.reps, item.load) for item in raised} == {(3, 12, "")}


def test_the_swap_keeps_when_it_is_done() -> None:
    against = start_test().against(5)
    assert against is not None
    was = HEEL.phases[1].items[2]
    now = fitted(HEEL.phases, [against])[1].items[2]
    assert (was.exercise, now.exercise) == ("heel-raise", "heel-raise-easier")
    assert (now.every_n_days, now.slots, now.last_week) == (2, was.slots, was.last_week)


@given(ticks=TICKS, raises=st.none() | st.integers(0, 100), slug=st.sampled_from(sorted(TEMPLATES)))
def test_what_was_fitted_holds_nothing_that_is_spoken_against(
    ticks: set[str], raises: int | None, slug: str
) -> None:
    template = TEMPLATES[slug]
    asked = asked_before(template.screen)
    rows = [asked[key].against for key in ticks if key in asked]
    tested = start_test().against(raises) if raises is not None else None
    rows += [tested] if tested else []
    phases = fitted(template.phases, rows)
    check_phases(phases)
    kinds = [row for row in rows if "*" not in row.not_with]
    assert not any(row.among(exercises_in(phases)) for row in kinds)
    for phase in phases:
        weeks = range(phase.first_week, (phase.last_week or phase.first_week) + 1)
        for week in weeks:
            names = [
                item.exercise
                for item in phase.items
                if (item.first_week or 0) <= week <= (item.last_week or 99)
            ]
            assert len(names) == len(set(names)), "an exercise stands twice in a week"


def test_a_phase_is_not_left_empty() -> None:
    """Nothing fits: the program stays as it is, and assigning it needs a reason."""
    every = Against("Nothing.", frozenset(exercises_in(HEEL.phases)))
    assert fitted(HEEL.phases, [every]) == HEEL.phases
