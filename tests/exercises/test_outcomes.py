"""What comes of a clinic's programs: shares of those of whom it can be said, nobody told apart."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exercises.models import Barrier, CheckIn, Clinic, Program, SessionLog
from exercises.reads import outcomes
from exercises.reads.outcomes import FEWEST, outcomes_of
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def lived(clinic: Clinic, *, weeks: int, falls_in: int | None) -> Program:
    """A program with pain of 6 every day, from week `falls_in` on 3, and two days in three done."""
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    days = range(7 * weeks)
    low = 7 * (falls_in - 1) if falls_in else 10**6
    CheckIn.objects.bulk_create(
        CheckIn(program=program, kind="first_step", local_date=day(number), score=3 if number >= low else 6, source="sms")
        for number in days
    )  # fmt: skip  # a row
    SessionLog.objects.bulk_create(
        SessionLog(program=program, kind="exercise", outcome="done", local_date=day(number), source="sms", client_id=str(number))
        for number in days if number % 3
    )  # fmt: skip  # a row
    return program


def test_who_responded_and_how_soon(clinic: Clinic) -> None:
    for falls_in in (3, 3, 4, 5, 9, None):
        lived(clinic, weeks=12, falls_in=falls_in)
    found = outcomes_of(clinic, on=day(90))
    assert [(row.count, row.of, row.percent) for row in found.responders] == [
        (4, 6, 67),
        (5, 6, 83),
    ]
    assert (found.changed.count, found.changed.of) == (5, 6)
    # The first weeks whose median is two points lower: 3, 3, 4, 5, 9.
    assert found.weeks_to_change == 4


def test_who_has_not_got_that_far_is_not_counted(clinic: Clinic) -> None:
    for _ in range(5):
        lived(clinic, weeks=5, falls_in=2)
    six, twelve = outcomes_of(clinic, on=day(36)).responders
    assert (six.of, twelve.of) == (0, 0)
    assert six.percent is None


def test_days_done_of_those_planned_by_week(clinic: Clinic) -> None:
    lived(clinic, weeks=2, falls_in=None)
    first, second, third, *_ = outcomes_of(clinic, on=day(21)).adherence
    assert (first.count, first.of) == (4, 7)
    assert (second.count, second.of) == (5, 7)
    # Nothing was told in the third, which is over.
    assert (third.count, third.of) == (0, 7)


def test_fewer_than_five_patients_are_not_told(clinic: Clinic) -> None:
    for _ in range(FEWEST - 1):
        lived(clinic, weeks=12, falls_in=3)
    found = outcomes_of(clinic, on=day(90))
    assert [row.percent for row in found.responders] == [None, None]
    assert found.weeks_to_change is None


def test_another_clinics_programs_are_not_counted(clinic: Clinic) -> None:
    lived(factories.ClinicFactory.create(), weeks=12, falls_in=3)
    found = outcomes_of(clinic, on=day(90))
    assert (found.programs, found.adherence, found.barriers) == (0, [], [])


def test_of_many_the_newest(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "MOST", 2)
    for _ in range(3):
        lived(clinic, weeks=1, falls_in=None)
    found = outcomes_of(clinic, on=day(8))
    assert (found.programs, found.is_all) == (2, False)


def test_it_costs_the_same_queries(
    clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 4):
        for _ in range(count):
            lived(clinic, weeks=2, falls_in=None)
        with django_assert_num_queries(9):
            outcomes_of(clinic, on=day(20))


@time_machine.travel(datetime(2026, 6, 1, 16, tzinfo=UTC), tick=False)
def test_the_page_and_the_file_have_it(clinic: Clinic, admin_of_alice: Client) -> None:
    for falls_in in (3, 3, 4, 5, None):
        program = lived(clinic, weeks=12, falls_in=falls_in)
    Barrier.objects.create(program=program, local_date=day(8), done=2, planned=7, what="time")
    Barrier.objects.create(program=program, local_date=day(15), done=2, planned=7)
    url = reverse("admin:exercises_clinic_outcomes", args=[clinic.pk])
    page = admin_of_alice.get(url).content.decode()
    for words in ("4 of 5 who gave scores enough", "80 %", "No time: 1 week"):
        assert words in page
    assert "no answer" not in page
    file = admin_of_alice.get(url, {"as": "csv"})
    rows = {row[0]: row[1:] for row in csv.reader(file.content.decode().splitlines())}
    assert rows["Responded by week 12"] == ["80", "4", "5"]
    assert rows["In the way: No time"] == ["", "1", ""]


def test_another_clinics_page_is_not_there(admin_of_alice: Client) -> None:
    other = factories.ClinicFactory.create()
    url = reverse("admin:exercises_clinic_outcomes", args=[other.pk])
    assert admin_of_alice.get(url).status_code == 404
