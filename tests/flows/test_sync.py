"""An app that was offline: one request brings it up to date, and nothing is missed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from exercises.models import CheckIn, Patient, Program, SessionLog
from exercises.services import record_check_in, take_back
from notifications.api import sync
from tests import factories
from tests.conftest import app_of
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
KINDS = ("check_ins", "sessions", "texts_from_clinic", "texts_to_clinic")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
        yield clock


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


def tell(program: Program, score: int, *, back: int = 0, client_id: str = "") -> None:
    record_check_in(
        program=program, local_date=TODAY - timedelta(days=back), score=score, source="sms",
        client_id=client_id or f"{score}-{back}", now=CHECK_IN_AT,
    )  # fmt: skip


def changes(maria: Patient, cursor: str = "") -> Any:
    answer = app_of(maria).get("/api/v1/me/changes/", {"cursor": cursor})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_first_time_brings_everything_and_the_week_ahead(
    maria: Patient, program: Program
) -> None:
    tell(program, 5)
    factories.asked(program)
    inbound = factories.received("5", maria)
    inbound.patient = maria
    inbound.save()
    first = changes(maria)
    assert {kind: len(first[kind]) for kind in KINDS} == dict.fromkeys(KINDS, 1) | {"sessions": 0}
    assert first["me"]["first_name"] == "Maria"
    days = [(TODAY + timedelta(days=ahead)).isoformat() for ahead in range(7)]
    assert [day["date"] for day in first["days"]] == days
    assert all(day["programs"][0]["rounds"] for day in first["days"])


def test_later_only_what_changed_comes(
    maria: Patient, program: Program, clock: time_machine.Traveller
) -> None:
    tell(program, 5, back=0)
    tell(program, 6, back=1)
    # Later than the overlap, within which a row may come twice.
    clock.shift(timedelta(hours=1))
    first = changes(maria)
    tell(program, 3, back=1, client_id="correction")
    clock.shift(timedelta(hours=1))
    second = changes(maria, first["cursor"])
    assert [row["score"] for row in second["check_ins"]] == [3]
    take_back(client_id="5-0", patient=maria, now=CHECK_IN_AT)
    clock.shift(timedelta(hours=1))
    third = changes(maria, second["cursor"])
    assert [(row["score"], row["taken_back"]) for row in third["check_ins"]] == [(5, True)]
    assert changes(maria, third["cursor"])["check_ins"] == []


def test_a_row_that_was_committed_late_is_not_missed(
    maria: Patient, program: Program, clock: time_machine.Traveller
) -> None:
    first = changes(maria)
    clock.shift(timedelta(hours=1))
    tell(program, 5)
    # Written before the request, committed after it.
    CheckIn.objects.update(updated_at=CHECK_IN_AT - timedelta(minutes=1))
    assert [row["score"] for row in changes(maria, first["cursor"])["check_ins"]] == [5]


def test_much_comes_in_parts_each_row_once(
    maria: Patient, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "AT_ONCE", 4)
    SessionLog.objects.bulk_create(
        SessionLog(
            program=program, local_date=TODAY, kind="exercise", outcome="done", source="app",
            client_id=str(number),
        )
        for number in range(10)
    )  # fmt: skip  # ten rows that changed at the same instant
    seen: list[str] = []
    cursor, more = "", True
    while more:
        part = changes(maria, cursor)
        seen += [row["id"] for row in part["sessions"]]
        cursor, more = part["cursor"], part["more"]
    assert sorted(seen, key=int) == [str(number) for number in range(10)]


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "bnVsbA==", "W10=", {"check_ins": 1}, {"check_ins": {"at": "soon", "key": ""}},
     {"check_ins": {"at": "2026-01-01T00:00:00+00:00", "key": "7"}},
     {"check_ins": {"at": "0001-01-01T00:00:00+23:00", "key": ""}}],
)  # fmt: skip  # a list
def test_a_cursor_that_is_not_ours_is_named(maria: Patient, cursor: object) -> None:
    text = cursor if isinstance(cursor, str) else _encoded(cursor)
    answer = app_of(maria).get("/api/v1/me/changes/", {"cursor": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("rows", [10, 60])
def test_it_costs_the_same_for_few_rows_and_many(
    maria: Patient, program: Program, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for back in range(rows):
        tell(program, 5, back=back)
    app = app_of(maria)
    with django_assert_num_queries(14):
        assert len(app.get("/api/v1/me/changes/").json()["check_ins"]) == rows


def _encoded(cursor: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode()
