"""The load rule, and what a step is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.pain import rise_on
from exercises.rules.phases import PhaseSpec, parse_phases
from exercises.rules.progression import (
    Advice,
    Ladder,
    Session,
    advise,
    stayed_longer,
    stepped_back,
    stepped_forward,
)

TODAY = date(2026, 3, 10)
A_DAY = timedelta(days=1)


def sessions(*told: tuple[float, int | None]) -> list[Session]:
    """Sessions every second day, the last one yesterday."""
    days = [TODAY - A_DAY - 2 * back * A_DAY for back in range(len(told))][::-1]
    return [Session(day, share, pain) for day, (share, pain) in zip(days, told, strict=True)]


def mornings(score: int = 4, **others: int) -> dict[date, int]:
    """The same score for two weeks; `d0` is today's, `d1` yesterday's."""
    usual = {TODAY - back * A_DAY: score for back in range(14)}
    return usual | {TODAY - int(name[1:]) * A_DAY: value for name, value in others.items()}


def advice(rows: list[Session], scores: dict[date, int] | None = None, **values: Any) -> Advice:
    usual: dict[str, Any] = {"red_flag": False, "today": TODAY}
    return advise(rows, mornings() if scores is None else scores, **(usual | values))


def old(baseline: int) -> dict[date, int]:
    """The finding's case: a high baseline weeks ago, 2 since, and 8 on the morning after."""
    return mornings(2, d0=8) | {TODAY - back * A_DAY: baseline for back in range(28, 35)}


def skipped(times: int) -> list[Session]:
    """Three sessions, the last so many skipped for pain."""
    return [
        replace(row, share_done=0.0, pain_during=None, skipped_for_pain=True)
        if number >= 3 - times
        else row
        for number, row in enumerate(sessions((1, 2), (1, 2), (1, 2)))
    ]


def calm() -> list[Session]:
    """Sessions without anything that has a step back: nobody was asked for pain during."""
    return [replace(row, is_loaded=False) for row in sessions((1, None), (1, None), (1, None))]


GOOD = sessions((1, 2), (0.8, 3), (1, 0))


@pytest.mark.parametrize(
    ("label", "rows", "scores", "kind", "reason"),
    [
        ("three good ones", GOOD, None, "progress", "at least 80%"),
        ("two good ones", GOOD[1:], None, "hold", "Only 2 of 3"),
        ("79 % done", sessions((1, 2), (0.79, 2), (1, 2)), None, "hold", "79%"),
        ("pain of 4", sessions((1, 2), (1, 4), (1, 2)), None, "hold", "up to 4"),
        ("pain not told", sessions((1, 2), (1, None), (1, 2)), None, "hold", "missing"),
        ("one above 5", sessions((1, 2), (1, 2), (1, 9)), None, "hold", "up to 9"),
        ("two above 5", sessions((1, 2), (1, 6), (1, 6)), None, "regress", "6 and 6"),
        ("a bad morning after", GOOD, mornings(d0=6), "hold", "was 6 on a morning after, 2 above"),
        ("one above the week before is fine", GOOD, mornings(d0=5), "progress", "at most 1 above"),
        ("three bad mornings", GOOD, mornings(d0=7, d2=7, d4=7), "hold", "was 7 on a morning"),
        (
            "a slow rise",
            GOOD,
            mornings(d0=5, d1=5, d2=5, d3=5),
            "hold",
            "from week to week: 4, then 5",
        ),
        (
            "a bad day between sessions",
            GOOD,
            mornings(d3=6),
            "hold",
            "rose by 2 within the last week",
        ),
        ("pain of weeks ago is no measure", GOOD, old(7), "hold", "was 8 on a morning"),
        ("skipped for pain once", skipped(1), None, "hold", "0%"),
        (
            "skipped for pain twice",
            skipped(2),
            None,
            "regress",
            "2 of the last 3 sessions were skipped",
        ),
        ("nothing loaded yet", calm(), None, "progress", "at least 80%"),
        ("two bad mornings", GOOD, mornings(d0=6, d1=6), "regress", "6 and 6"),
        ("a morning is missing", GOOD, {d: 4 for d in mornings() if d != TODAY}, "hold", "missing"),
    ],
)
def test_the_load_rule(
    label: str, rows: list[Session], scores: dict[date, int] | None, kind: str, reason: str
) -> None:
    told = advice(rows, scores)
    assert told.kind == kind, label
    assert reason in " ".join(told.reasons), told.reasons


def test_a_red_flag_stops_whatever_else_is_true() -> None:
    assert advice(GOOD, red_flag=True).kind == "stop"
    assert advice([], {}, red_flag=True).kind == "stop"


def test_with_one_week_of_scores_nothing_moves_on() -> None:
    week = {TODAY - back * A_DAY: 4 for back in range(7)}
    assert advice(GOOD, week).kind == "hold"


SCORES = st.dictionaries(
    st.integers(0, 12).map(lambda back: TODAY - back * A_DAY), st.integers(0, 10)
)
SESSIONS = st.lists(st.tuples(st.floats(0, 1), st.none() | st.integers(0, 10)), max_size=6).map(
    lambda told: sessions(*told)
)


@given(rows=SESSIONS, scores=SCORES)
def test_a_proposal_never_moves_on_fewer_numbers_than_the_rule_needs(
    rows: list[Session], scores: dict[date, int]
) -> None:
    told = advice(rows, scores)
    assert told.reasons
    if told.kind == "progress":
        last = rows[-3:]
        assert len(last) == 3
        for row in last:
            assert row.share_done >= 0.8
            assert row.pain_during is not None
            assert row.pain_during <= 3
            after = rise_on(scores, row.day + A_DAY)
            assert after is not None
            assert after <= 1
        rises = [rise_on(scores, TODAY - back * A_DAY) for back in range(7)]
        assert all(rise is None or rise < 2 for rise in rises)


@given(rows=SESSIONS, scores=SCORES, data=st.data())
def test_no_rule_acts_on_one_number(
    rows: list[Session], scores: dict[date, int], data: st.DataObject
) -> None:
    """Without two numbers above their limit there is no step back, whatever one of them says."""
    high = [row for row in rows if row.pain_during is not None and row.pain_during > 5]
    if len(high) < 2 and len(scores) < 5:
        assert advice(rows, scores).kind in {"hold", "progress"}
    if advice(rows, scores).kind == "regress" and scores:
        calm = {day: min(score, 3) for day, score in scores.items()}
        calm_rows = [Session(row.day, row.share_done, 2) for row in rows]
        raised = data.draw(st.sampled_from(sorted(calm)))
        assert advice(calm_rows, calm | {raised: 10}).kind != "regress" or len(calm) >= 5


LADDERS = {
    "heel-raise": Ladder(("12RM", "10RM", "8RM"), easier="two-legs"),
    "band": Ladder(("yellow", "red", "green")),
    "two-legs": Ladder((), harder="heel-raise"),
    "curls": Ladder((), harder="short-foot"),
}


def phases(**item: Any) -> tuple[PhaseSpec, ...]:
    """Two phases of two weeks with the same item."""
    return parse_phases(
        [
            {"number": 1, "name": "One", "first_week": 1, "last_week": 2, "items": [item]},
            {"number": 2, "name": "Two", "first_week": 3, "last_week": None, "items": [item]},
        ]
    )


@pytest.mark.parametrize(
    ("item", "forward"),
    [
        ({"exercise": "band", "load": "yellow", "reps": 15}, ("band", "red", 15)),
        ({"exercise": "band", "load": "green", "reps": 15}, ("band", "green", 15)),
        ({"exercise": "heel-raise", "load": "12RM", "reps": 12}, ("heel-raise", "10RM", 10)),
        ({"exercise": "two-legs", "reps": 12}, ("heel-raise", "", 12)),
        ({"exercise": "stretch", "reps": 3}, ("stretch", "", 3)),
    ],
)
def test_a_step_forward(item: dict[str, Any], forward: tuple[str, str, int]) -> None:
    asked = phases(**item)
    moved = stepped_forward(asked, LADDERS, week=1)
    [now] = moved[0].items
    assert (now.exercise, now.load, now.reps) == forward
    [later] = moved[1].items
    assert later.load == now.load
    assert stepped_forward(asked, LADDERS, week=3)[0] == asked[0], "weeks that are past stay"


@pytest.mark.parametrize(
    ("item", "back"),
    [
        ({"exercise": "band", "load": "red", "sets": 3}, ("band", "red", 2)),
        ({"exercise": "band", "load": "red", "sets": 2}, ("band", "yellow", 2)),
        ({"exercise": "band", "load": "yellow", "sets": 2}, ("band", "yellow", 2)),
        ({"exercise": "heel-raise", "load": "12RM", "sets": 2, "reps": 12}, ("two-legs", "", 2)),
        ({"exercise": "heel-raise", "load": "12RM", "sets": 2}, ("heel-raise", "12RM", 2)),
        ({"exercise": "stretch", "sets": 3}, ("stretch", "", 3)),
    ],
)
def test_a_step_back(item: dict[str, Any], back: tuple[str, str, int]) -> None:
    [now] = stepped_back(phases(**item), LADDERS, week=4)[1].items
    assert (now.exercise, now.load, now.sets) == back


def scheme(**loads: str) -> tuple[PhaseSpec, ...]:
    """Heel raises of three weeks with another load in each, as templates have them."""
    items = [
        {"exercise": "heel-raise", "sets": 3 + n, "reps": 12, "load": load, "first_week": n + 1, "last_week": n + 1}
        for n, load in enumerate(loads.values())
    ]  # fmt: skip  # a table
    return parse_phases(
        [{"number": 1, "name": "One", "first_week": 1, "last_week": 3, "items": items}]
    )


def told(phases: tuple[PhaseSpec, ...]) -> list[tuple[int | None, str]]:
    return [(item.sets, item.load) for item in phases[0].items]


def test_the_calendar_does_not_undo_a_step_back() -> None:
    asked = scheme(a="12RM", b="10RM", c="8RM")
    assert told(stepped_back(asked, LADDERS, week=1)) == [(2, "12RM")] * 3
    assert told(stepped_back(asked, LADDERS, week=2)) == [(3, "12RM"), (3, "10RM"), (3, "10RM")]


def test_what_the_plan_makes_heavier_itself_is_not_made_heavier_before() -> None:
    asked = scheme(a="12RM", b="12RM", c="8RM")
    assert stepped_forward(asked, LADDERS, week=1) == asked
    same = scheme(a="12RM", b="12RM", c="12RM")
    assert told(stepped_forward(same, LADDERS, week=1)) == [(3, "10RM"), (4, "10RM"), (5, "10RM")]


def test_one_exercise_at_a_time_and_the_heel_raise_first() -> None:
    items = [
        {"exercise": "band", "sets": 3, "reps": 15, "load": "yellow"},
        {"exercise": "heel-raise", "sets": 3, "reps": 12, "load": "12RM"},
    ]
    asked = parse_phases([{"number": 1, "name": "One", "first_week": 1, "items": items}])
    first = stepped_forward(asked, LADDERS, week=1)
    assert told(first) == [(3, "yellow"), (3, "10RM")]
    second = stepped_forward(stepped_forward(first, LADDERS, week=2), LADDERS, week=3)
    assert told(second) == [(3, "red"), (3, "8RM")]


def test_a_set_that_was_taken_away_comes_back_before_anything_else() -> None:
    asked = phases(exercise="heel-raise", sets=3, reps=12, load="12RM")
    back = stepped_back(asked, LADDERS, week=1, caps_later_weeks=False)
    assert [row.items[0].sets for row in back] == [2, 3]
    again = stepped_forward(back, LADDERS, week=1)
    assert [(row.items[0].sets, row.items[0].load) for row in again] == [(3, "12RM"), (3, "12RM")]


def test_a_hold_does_not_become_repetitions_and_nothing_stands_twice() -> None:
    hold = phases(exercise="two-legs", sets=3, hold_seconds=45)
    assert stepped_forward(hold, LADDERS, week=1) == hold
    both = [{"exercise": name, "reps": 10} for name in ("two-legs", "heel-raise")]
    week = parse_phases([{"number": 1, "name": "One", "first_week": 1, "items": both}])
    assert stepped_forward(week, LADDERS, week=1) == week


def test_a_longer_phase_moves_the_later_ones() -> None:
    asked = parse_phases(
        [
            {"number": 1, "name": "One", "first_week": 1, "last_week": 2, "items": [{"exercise": "a"}]},
            {"number": 2, "name": "Two", "first_week": 3, "last_week": 6, "items": [
                {"exercise": "b", "last_week": 4}, {"exercise": "b", "first_week": 5},
                {"exercise": "c", "last_week": 6}]},
            {"number": 3, "name": "Three", "first_week": 7, "items": [{"exercise": "d", "first_week": 8}]},
        ]
    )  # fmt: skip  # a table
    moved = stayed_longer(asked, week=4)
    assert moved[0] == asked[0]
    assert (moved[1].first_week, moved[1].last_week) == (3, 7)
    assert [(item.first_week, item.last_week) for item in moved[1].items] == [
        (None, 4),
        (5, None),
        (None, 7),
    ]
    assert (moved[2].first_week, moved[2].last_week, moved[2].items[0].first_week) == (8, None, 9)
    assert parse_phases([phase.model_dump() for phase in moved]) == moved
