"""Every migration after the initial one can be taken back, with rows in the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from exercises.models import Program
from exercises.reads.versions import program_phases
from exercises.services import change_program
from hep.env import REPOSITORY
from notifications.models import Heartbeat, InboundMessage, OutboundMessage
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING


def migrations() -> list[Path]:
    """Ours, the initial ones left out."""
    found = sorted(REPOSITORY.glob("*/migrations/0*.py"))
    return [path for path in found if path.name != "0001_initial.py"]


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_back_and_forth_and_no_row_is_lost() -> None:
    program = factories.program()
    change_program(
        program=program,
        phases=program_phases(program),
        reason="A second version",
        changed_by=None,
        now=MORNING,
    )
    write_due(now=CHECK_IN_AT)
    factories.received("6", program.patient)
    Heartbeat.objects.create(name="due", at=CHECK_IN_AT)
    try:
        call_command("migrate", "notifications", "0001", verbosity=0)
        call_command("migrate", "exercises", "0001", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert OutboundMessage.objects.get().status == "waiting"
    assert InboundMessage.objects.get().tries == 0
    assert Heartbeat.objects.get().taken_until is None
    assert Program.objects.get().versions.count() == 2


def test_a_migration_says_what_it_is_for_and_has_a_name_of_its_own() -> None:
    assert migrations()
    for path in migrations():
        assert path.read_text().startswith('"""'), path
        assert "_auto_" not in path.name, path
