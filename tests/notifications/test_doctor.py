"""What `manage.py doctor` finds, and that one broken part hides no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from hep import backups
from notifications.models import Heartbeat, Sender, TextingSwitch
from notifications.monitoring import doctor
from notifications.monitoring.doctor import State
from tests import factories

pytestmark = pytest.mark.django_db


def state_of(name: str) -> tuple[State, str]:
    return next((row.state, row.words) for row in doctor.examine() if row.name == name)


def test_a_fresh_installation_answers_every_question() -> None:
    answers = list(doctor.examine())
    assert [row.name for row in answers] == list(doctor.QUESTIONS)
    assert [row for row in answers if row.state is State.BAD] == []
    out = StringIO()
    call_command("doctor", stdout=out)
    assert len(out.getvalue().splitlines()) == len(answers)


def test_a_stopped_sender_is_bad_and_said() -> None:
    factories.SenderFactory.create(stopped_at=timezone.now(), stopped_code=30007)
    assert state_of("texting")[0] is State.BAD
    with pytest.raises(CommandError, match="texting"):
        call_command("doctor", stdout=StringIO())
    Sender.objects.update(stopped_at=None)
    TextingSwitch.objects.create(is_on=False)
    assert state_of("texting")[0] is State.LOOK


def test_a_late_tick_is_named() -> None:
    Heartbeat.objects.create(name="due", at=timezone.now() - timedelta(hours=1))
    assert state_of("ticks") == (State.BAD, "late: due")


def test_an_old_backup_is_bad(tmp_path: Path, settings: Settings) -> None:
    assert state_of("backup")[0] is State.LOOK
    settings.BACKUP_FOLDER = str(tmp_path)
    assert state_of("backup")[0] is State.BAD
    for hours, expected in ((27, State.BAD), (25, State.OK)):
        begun = datetime.now(UTC) - timedelta(hours=hours)
        folder = tmp_path / begun.strftime(backups.STAMP)
        folder.mkdir()
        (folder / backups.MANIFEST).write_text("{}")
        assert state_of("backup")[0] is expected


def test_a_broker_out_of_reach_hides_nothing_else(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    state, words = state_of("broker")
    assert (state, words) == (State.BAD, "cannot be told: ConnectionError")
    assert state_of("schema")[0] is State.OK


def test_old_time_zones_and_a_full_disk_are_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "2019.3")
    monkeypatch.setattr(doctor, "_free_share", lambda _: 0.05)
    assert state_of("time zones")[0] is State.LOOK
    assert state_of("disk")[0] is State.LOOK
    monkeypatch.setattr(doctor, "_free_share", lambda _: 0.01)
    assert state_of("disk")[0] is State.BAD


def test_who_never_heard_a_patient_is_told_the_address(settings: Settings) -> None:
    state, words = state_of("webhooks")
    assert state is State.LOOK
    assert f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/inbound/" in words
    factories.received("6", factories.PatientFactory.create(), at=timezone.now())
    assert state_of("webhooks")[0] is State.OK
