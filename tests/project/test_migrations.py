"""Every migration can be taken back, with rows in the tables."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from notifications.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_back_and_forth() -> None:
    factories.program()
    write_due(now=CHECK_IN_AT)
    try:
        call_command("migrate", "notifications", "0001", verbosity=0)
        call_command("migrate", "exercises", "0001", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM notifications_outboundmessage WHERE status = 'waiting'"
        )
        assert cursor.fetchone() == (1,)
