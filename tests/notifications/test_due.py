"""From schedules to the outbox."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from exercises.models import Patient, Schedule
from exercises.services import end_program
from hep.env import REPOSITORY
from notifications.models import OutboundMessage
from notifications.outgoing.due import CLAIM, write_due
from tests import factories
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
ONE_SECOND = timedelta(seconds=1)
ADDRESS = {"dbname", "user", "password", "host", "port"}


def test_a_text_is_due_at_its_time_and_not_a_second_before() -> None:
    program = factories.program()
    assert write_due(now=CHECK_IN_AT - ONE_SECOND) == 0
    assert write_due(now=CHECK_IN_AT) == 1
    message = OutboundMessage.objects.get()
    assert (message.local_date, message.slot, message.kind) == (TODAY, 0, "check_in")
    assert message.patient == program.patient
    assert message.due_at == CHECK_IN_AT


def test_the_schedule_moves_on_to_the_next_day() -> None:
    program = factories.program()
    write_due(now=CHECK_IN_AT)
    schedule = program.schedules.get()
    assert schedule.next_due_at == CHECK_IN_AT + timedelta(days=1)
    assert write_due(now=CHECK_IN_AT) == 0


def test_several_times_a_day_are_several_slots() -> None:
    factories.program(times=(time(8, 30), time(12, 0)))
    write_due(now=CHECK_IN_AT)
    write_due(now=CHECK_IN_AT + timedelta(hours=4))
    slots = OutboundMessage.objects.order_by("slot").values_list("local_date", "slot")
    assert list(slots) == [(TODAY, 0), (TODAY, 1)]


def test_an_outage_leaves_a_row_for_every_missed_day() -> None:
    factories.program()
    write_due(now=CHECK_IN_AT + timedelta(days=3))
    assert OutboundMessage.objects.count() == 4
    assert write_due(now=CHECK_IN_AT + timedelta(days=3)) == 0


def test_an_occurrence_that_is_there_already_is_not_written_twice() -> None:
    program = factories.program()
    first = program.schedules.get()
    write_due(now=CHECK_IN_AT)
    Schedule.objects.filter(pk=first.pk).update(
        next_due_at=first.next_due_at, next_local_date=TODAY, next_slot=0
    )
    write_due(now=CHECK_IN_AT)
    assert OutboundMessage.objects.count() == 1


def test_an_ended_program_is_never_due() -> None:
    program = factories.program()
    end_program(program=program)
    assert write_due(now=datetime(2030, 1, 1, tzinfo=UTC)) == 0


def test_a_row_that_cannot_be_planned_is_parked_and_the_good_ones_go_on() -> None:
    bad, good = factories.program(), factories.program()
    Patient.objects.filter(pk=bad.patient_id).update(time_zone="Mars/Olympus")
    write_due(now=CHECK_IN_AT)
    parked = bad.schedules.get()
    assert parked.parked_reason == "Cannot be planned: ZoneInfoNotFoundError"
    assert parked.next_due_at is None
    assert OutboundMessage.objects.get().patient_id == good.patient_id


@pytest.mark.parametrize("patients", [1, 12])
def test_a_batch_costs_the_same_number_of_queries(
    patients: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(patients):
        factories.program()
    with django_assert_num_queries(5):  # two of them savepoints or the test's transaction
        assert write_due(now=CHECK_IN_AT) == patients


@pytest.mark.django_db(transaction=True)
def test_ticks_at_the_same_time_write_each_occurrence_once() -> None:
    for _ in range(20):
        factories.program()
    start = threading.Barrier(6)
    written: list[int] = []

    def tick() -> None:
        start.wait(timeout=10)
        try:
            written.append(write_due(now=CHECK_IN_AT, limit=5))
            written.append(write_due(now=CHECK_IN_AT, limit=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    write_due(now=CHECK_IN_AT)
    assert OutboundMessage.objects.count() == 20
    assert sum(written) <= 20


@pytest.mark.django_db(transaction=True)
def test_eight_threads_in_four_processes_write_each_occurrence_once() -> None:
    for _ in range(60):
        factories.program(times=(time(8, 30), time(8, 31)))
    now = CHECK_IN_AT + timedelta(days=1)
    database = connection.get_connection_params()
    keywords = {key: str(value) for key, value in database.items() if key in ADDRESS}
    url = f"postgresql:///?{urlencode(keywords)}"
    ticks = [
        subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-m", "tests.notifications.ticks", now.isoformat()],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": url},
        )
        for _ in range(4)
    ]
    assert [tick.wait(timeout=60) for tick in ticks] == [0] * 4
    keys = OutboundMessage.objects.values_list("schedule", "local_date", "slot")
    assert len(keys) == len(set(keys)) == 60 * 3
    assert not Schedule.objects.filter(next_due_at__lte=now).exists()


def test_the_scan_uses_the_partial_index() -> None:
    program = factories.program()
    Schedule.objects.bulk_create(
        Schedule(
            program=program,
            kind="exercise",
            local_times=[time(9)],
            starts_on=TODAY,
            next_due_at=CHECK_IN_AT + timedelta(days=1 + number % 30),
            next_local_date=TODAY,
        )
        for number in range(5_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"EXPLAIN {CLAIM}", [CHECK_IN_AT, 1_000])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using schedule_due" in plan, plan
