"""Arrays handed to PostgreSQL come back as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from hep.sql import array_cursor, plain_array

pytestmark = pytest.mark.django_db
# PostgreSQL's calendar and ours agree on these.
DATES = st.dates(date(1900, 1, 1), date(2200, 1, 1))
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.none() | st.integers(-(2**62), 2**62)),
    dates=st.lists(st.none() | DATES),
    instants=st.lists(st.none() | INSTANTS),
)
def test_arrays_arrive_as_they_left(
    numbers: list[int | None], dates: list[date | None], instants: list[datetime | None]
) -> None:
    with array_cursor() as cursor:
        cursor.execute(
            "SELECT %s::bigint[], %s::date[], %s::timestamptz[]",
            [plain_array(numbers), plain_array(dates), plain_array(instants)],
        )
        assert cursor.fetchone() == (numbers, dates, instants)


def test_the_cursor_works_in_the_present_transaction_and_is_counted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE seen (id int) ON COMMIT DROP")
    with django_assert_num_queries(1), array_cursor() as cursor:
        cursor.execute("INSERT INTO seen SELECT unnest(%s::int[])", [plain_array([1, 2, 3])])
        assert cursor.rowcount == 3
