"""Every migration can be taken back, with rows in the tables."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from exercises.models import SignInCode, User
from exercises.reads.versions import program_phases
from exercises.services import ask_for_code, change_program, sign_in
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_back_and_forth() -> None:
    program = factories.program()
    change_program(
        program=program,
        phases=program_phases(program),
        reason="A second version",
        changed_by=None,
        now=MORNING,
    )
    write_due(now=CHECK_IN_AT)
    # A patient who signed in: an account without an address, which earlier releases cannot hold.
    ask_for_code(phone=str(program.patient.phone), now=MORNING)
    code = SignInCode.objects.get().code
    sign_in(phone=str(program.patient.phone), code=code, now=MORNING)
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
    program.refresh_from_db()
    assert not User.objects.filter(email=None).exists()
    # Going back left the version that held; going forth made it the first again.
    assert (program.version, program.versions.count()) == (1, 1)
    assert {phase.version for phase in program.phases.all()} == {1}
