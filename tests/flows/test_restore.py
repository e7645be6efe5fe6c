"""Backup, go on, lose it all, restore: nothing leaves twice, and who wrote STOP since gets nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from psycopg import sql
from pytest_django import Settings

from exercises.models import Alert, CheckIn, Clinic, Patient, Program, Schedule, User
from notifications import outbox, restoring
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage, PhoneConsent, TextingSwitch
from notifications.outgoing.due import write_due
from notifications.outgoing.sending import send_waiting
from tests import factories
from tests.emptying import in_any_order, tables
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
PATIENTS = 12
# The carrier's list may lag behind for so long.
SOON = timedelta(minutes=2)
LATER = timedelta(minutes=3)


def where_it_is_noon() -> str:
    """A time zone in which no day ends while this runs."""
    # The sign of these names is turned round.
    return f"Etc/GMT{timezone.now().hour - 12:+d}"


def each_table(statement: str) -> None:
    """Run `statement` for every table, in any order."""
    with in_any_order() as cursor:
        for name in tables():
            names = {"table": sql.Identifier(name), "copy": sql.Identifier("backup", name)}
            cursor.execute(sql.SQL(statement).format(**names))


class Backup:
    """Every row of every table, as it was at one moment."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA backup")
        each_table("CREATE TABLE {copy} AS TABLE {table}")
        self.at = timezone.now()

    def restore(self) -> None:
        each_table("DELETE FROM {table}")
        each_table("INSERT INTO {table} SELECT * FROM {copy}")


@pytest.fixture
def _no_backup_stays() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS backup CASCADE")


@pytest.fixture
def patients(clinic: Clinic, _no_backup_stays: None) -> list[Patient]:
    """Patients who may be texted at any hour, each to be asked for the morning's pain right now."""
    now = timezone.now()
    found = []
    for _ in range(PATIENTS):
        patient: Patient = factories.PatientFactory.create(
            clinic=clinic,
            texts_from=time(0),
            texts_until=time(23, 59, 59),
            time_zone=where_it_is_noon(),
        )
        program = factories.program(patient, now=now - timedelta(days=3), times=(time(0, 1),))
        today = now.astimezone(patient.zone).date()
        Schedule.objects.filter(program=program).update(
            next_due_at=now, next_local_date=today, next_slot=0
        )
        Program.objects.filter(pk=program.pk).update(heard_at=now)
        found.append(patient)
    return found


def leave(simulator: SimulatedTwilio) -> None:
    """Let everything go that may, and wait until the carrier has told of it."""
    # What was looked for in vain waits for a moment that has come by then.
    while send_waiting(clock=lambda: timezone.now() + LATER):
        pass
    eventually(lambda: simulator.stats()["webhooks_under_way"] == 0)


def texts(simulator: SimulatedTwilio, patients: list[Patient]) -> Counter[tuple[str, str]]:
    """(phone, words) of everything that reached a phone."""
    return Counter(
        (str(patient.phone), body)
        for patient in patients
        for body in simulator.texts_to(str(patient.phone))
    )


def caught_up(backup: Backup, *, now: datetime) -> restoring.Found:
    """Hold, look, and look again when the carrier's list is surely complete."""
    restoring.hold(backup_at=backup.at)
    first = restoring.catch_up(backup_at=backup.at, now=now)
    assert not OutboundMessage.objects.filter(status="waiting").exists()
    if first.open:
        with pytest.raises(restoring.NotYetError):
            restoring.release()
    again = restoring.catch_up(backup_at=backup.at, now=now + SOON)
    assert again.came == 0
    return restoring.Found(
        first.came,
        first.read,
        first.doubted + again.doubted,
        again.left,
        again.never_left,
        again.open,
        again.silent,
    )


def test_after_a_restore_nothing_leaves_twice(
    simulator: SimulatedTwilio, patients: list[Patient], alice: User
) -> None:
    never_left = patients[0]
    waiting = outbox.add_message(
        patient=never_left,
        body="We are closed on Friday.",
        client_id=uuid4(),
        written_by=alice,
        due_at=timezone.now(),
    )
    backup = Backup()

    # The stack goes on: it asks, is answered, and is stopped by some.
    outbox.withdraw(waiting)
    write_due(now=timezone.now())
    leave(simulator)
    for patient in patients[:4]:
        simulator.text_from(str(patient.phone), "4")
    simulator.text_from(str(patients[4].phone), "my calf is swollen and warm")
    for patient in patients[5:8]:
        simulator.text_from(str(patient.phone), "STOP")
    eventually(lambda: InboundMessage.objects.count() == 8)
    inbound.read_inbound(now=timezone.now())
    leave(simulator)
    before = texts(simulator, patients)
    assert len(before) > PATIENTS + 4
    assert max(before.values()) == 1

    ours = OutboundMessage.objects.exclude(sid="").count()

    # And is lost.
    backup.restore()
    assert not OutboundMessage.objects.filter(kind="check_in").exists()
    assert not InboundMessage.objects.exists()
    found = caught_up(backup, now=timezone.now())
    assert (found.came, found.read, found.open) == (8, 8, 0)
    # Only what had waited in the backup never left.
    assert found.never_left == 1
    assert found.left == ours

    # What was said since is on record again, before anything may leave.
    assert CheckIn.objects.count() == 4
    assert Alert.objects.filter(reason="red_flag").count() == 1
    assert PhoneConsent.objects.filter(state="revoked").count() == 3
    assert send_waiting(clock=lambda: timezone.now() + LATER) == 0

    restoring.release()
    leave(simulator)
    news = texts(simulator, patients) - before
    assert [phone for phone, _ in news] == [str(never_left.phone)]
    assert next(body for _, body in news).endswith("We are closed on Friday.")
    assert not texts(simulator, patients[5:8]) - before


def test_what_fell_due_while_it_was_down_goes_by_its_rule(
    simulator: SimulatedTwilio, patients: list[Patient]
) -> None:
    """Nobody was asked since the backup: a check-in that is still of use leaves, once."""
    backup = Backup()
    backup.restore()
    found = caught_up(backup, now=timezone.now())
    assert (found.left, found.never_left) == (0, PATIENTS)
    restoring.release()
    leave(simulator)
    assert sorted(texts(simulator, patients).values()) == [1] * PATIENTS


def test_other_words_on_the_list_are_the_text_that_left_then(
    simulator: SimulatedTwilio, patients: list[Patient]
) -> None:
    """The clinic changed its short name since the backup, and that is lost too."""
    backup = Backup()
    Clinic.objects.update(short_name="Bay Foot Clinic")
    write_due(now=timezone.now())
    leave(simulator)
    simulator.text_from(str(patients[0].phone), "4")
    eventually(InboundMessage.objects.exists)
    inbound.read_inbound(now=timezone.now())
    leave(simulator)
    before = texts(simulator, patients)
    backup.restore()
    found = caught_up(backup, now=timezone.now())
    assert (found.left, found.never_left) == (PATIENTS + 1, 0)
    assert CheckIn.objects.count() == 1
    restoring.release()
    leave(simulator)
    assert texts(simulator, patients) == before


def test_a_carrier_out_of_reach_keeps_texting_off(
    simulator: SimulatedTwilio, patients: list[Patient], settings: Settings
) -> None:
    backup = Backup()
    write_due(now=timezone.now())
    leave(simulator)
    before = texts(simulator, patients)
    backup.restore()
    there = settings.TWILIO_API_BASE_URL
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    restoring.hold(backup_at=backup.at)
    found = restoring.catch_up(backup_at=backup.at, now=timezone.now() + SOON)
    assert (found.open, found.silent) == (PATIENTS, 1)
    with pytest.raises(restoring.NotYetError, match="run after_restore again"):
        restoring.release()
    settings.TWILIO_API_BASE_URL = there
    assert restoring.catch_up(backup_at=backup.at, now=timezone.now() + LATER).open == 0
    restoring.release()
    leave(simulator)
    assert texts(simulator, patients) == before


def test_nothing_is_let_go_before_it_is_known_who_wrote_stop(
    simulator: SimulatedTwilio, patients: list[Patient], settings: Settings
) -> None:
    """No text of ours is in doubt, and a STOP may be on the list that nobody could read."""
    Schedule.objects.update(next_due_at=None, next_local_date=None)
    backup = Backup()
    simulator.text_from(str(patients[0].phone), "STOP")
    eventually(InboundMessage.objects.exists)
    backup.restore()
    there = settings.TWILIO_API_BASE_URL
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    out = StringIO()
    call_command("after_restore", backup.at.isoformat(), stdout=out)
    assert "Twilio told nothing of 1 of our numbers.\n" in out.getvalue()
    assert out.getvalue().endswith("Next: manage.py after_restore again in a minute.\n")
    with pytest.raises(CommandError, match="run after_restore again"):
        call_command("release_texts")
    settings.TWILIO_API_BASE_URL = there
    call_command("after_restore", backup.at.isoformat(), stdout=out)
    assert PhoneConsent.objects.filter(state="revoked").count() == 1
    call_command("release_texts", stdout=out)
    assert TextingSwitch.objects.get().is_on


class TestCommands:
    """As the operator types them."""

    def test_in_order(self, simulator: SimulatedTwilio, patients: list[Patient]) -> None:
        backup = Backup()
        write_due(now=timezone.now())
        leave(simulator)
        backup.restore()
        out = StringIO()
        call_command("after_restore", backup.at.isoformat(), stdout=out)
        assert (
            f"on the carrier's list: {PATIENTS}, never left: 0, still looked for: 0"
            in out.getvalue()
        )
        assert out.getvalue().endswith("Next: manage.py release_texts.\n")
        switch = TextingSwitch.objects.get()
        assert not switch.is_on
        assert "release_texts" in switch.reason
        call_command("release_texts", stdout=out)
        assert TextingSwitch.objects.get().is_on

    @pytest.mark.parametrize("when", ["yesterday", "2026-11-27T02:00:00", "2999-01-01T00:00:00Z"])
    def test_a_time_that_is_none_is_named(self, when: str) -> None:
        with pytest.raises(CommandError):
            call_command("after_restore", when)
        assert not TextingSwitch.objects.exists()

    def test_nothing_is_looked_for_while_texts_may_leave(self) -> None:
        with pytest.raises(restoring.NotYetError):
            restoring.catch_up(backup_at=timezone.now(), now=timezone.now())


@pytest.mark.parametrize("reason", ["Wrong wording out", ""])
def test_what_was_off_before_the_backup_stays_off(reason: str) -> None:
    TextingSwitch.objects.create(is_on=False, reason=reason)
    now = timezone.now()
    for _ in range(2):
        restoring.hold(backup_at=now)
        restoring.catch_up(backup_at=now, now=now)
    out = StringIO()
    call_command("release_texts", stdout=out)
    switch = TextingSwitch.objects.get()
    assert not switch.is_on
    assert switch.reason == (reason or "Off before the backup")
    assert switch.reason in out.getvalue()
