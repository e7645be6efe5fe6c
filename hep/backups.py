"""One backup: a folder with an encrypted dump and a manifest that says what is in it.

The dump is encrypted while it is written (age, for a public key: whoever has the server cannot
read its old backups), so no plain copy touches a disk. The manifest names no patient: when, schema,
rows of each table, digest, and which settings were set. The newest of each of 7 days and 4 weeks
stay. `manage.py backup` and `manage.py restore` run it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hep.health import metrics_source
from hep.logging import scrub

DUMP, MANIFEST = "dump.age", "manifest.json"
DAYS, WEEKS = 7, 4
# Of a folder's name; sorts by time.
STAMP = "%Y%m%dT%H%M%SZ"
SECURE = ("ssl", "gss", "channel_binding", "krbsrvname")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class BackupError(Exception):
    """A backup could not be made or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `began` is in UTC, with its zone; `rows` by table; `digest` is SHA-256
    of the encrypted dump; `schema` has the newest migration of each app.
    """

    began: str
    schema: Mapping[str, list[str]]
    rows: Mapping[str, int]
    settings: list[str]
    digest: str

    @property
    def moment(self) -> datetime:
        """When it began: what came later is not in it."""
        return datetime.fromisoformat(self.began)


@contextmanager
def _named_errors() -> Iterator[None]:
    """What the disk or the database refuses, as BackupError."""
    try:
        yield
    except (OSError, psycopg.Error) as error:
        raise BackupError(scrub(f"{type(error).__name__}: {error}")) from error


@_named_errors()
def write(folder: Path, *, recipient: str, now: datetime) -> Path:
    """Dump the database into a new folder under `folder`, let older ones go, return the new one.

    Raises BackupError; then no half-made backup stays, and the older ones do.
    """
    if not recipient.startswith("age1"):
        raise BackupError("BACKUP_RECIPIENT must be a public key of age, such as age1…")
    made = folder / now.astimezone(UTC).strftime(STAMP)
    half_made = made.with_suffix(".half-made")
    for left_over in folder.glob("*.half-made"):  # of one that was killed
        shutil.rmtree(left_over)
    half_made.mkdir(parents=True, mode=0o700)
    try:
        with _snapshot() as (snapshot, rows):
            _pipe(
                [*_tool("pg_dump"), "--format=custom", f"--snapshot={snapshot}", _address()],
                ["age", "--encrypt", "--recipient", recipient, "--output", str(half_made / DUMP)],
            )
        manifest = Manifest(
            now.astimezone(UTC).isoformat(),
            _leaves(),
            rows,
            _names_of_settings(),
            _digest(half_made / DUMP),
        )
        (half_made / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        half_made.rename(made)
    except BaseException:
        shutil.rmtree(half_made, ignore_errors=True)
        raise
    _let_go(folder)
    return made


def read_manifest(backup: Path) -> Manifest:
    """What `backup` holds. Raises BackupError when it is none or was changed."""
    try:
        manifest = Manifest(**json.loads((backup / MANIFEST).read_text(encoding="utf-8")))
        digest = _digest(backup / DUMP)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{backup} is no backup: {error}") from error
    if digest != manifest.digest:
        raise BackupError(f"{backup / DUMP} is not what was written: its digest differs.")
    return manifest


def restore(backup: Path, *, identity: Path) -> Manifest:
    """Bring the rows of `backup` into the empty database of DATABASE_URL; `identity` is the private
    key.

    Raises BackupError while anything else is connected, when tables are there, and when the backup
    is of a newer release or was changed. Then stop texts, and `compare`.
    """
    manifest = read_manifest(backup)
    newer = _unknown_here(manifest.schema)
    if newer:
        raise BackupError(f"The backup is of a newer release, which has {', '.join(newer)}.")
    with _named_errors(), _connect() as link:
        others = _count(link, OTHERS)
        if others:
            raise BackupError(
                f"{others} others use this database. Stop web, workers and beat first."
            )
        if link.execute(TABLES).fetchone():
            raise BackupError("This database is not empty. Restore into a new one: createdb.")
    with _named_errors():
        _pipe(
            ["age", "--decrypt", "--identity", str(identity), str(backup / DUMP)],
            [*_tool("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={_address()}"],
        )
    return manifest


def compare(manifest: Manifest, *, but: str) -> None:
    """Look that as many rows came in as went out, `but` for a table that was written to since.

    Raises BackupError naming the tables.
    """
    with _named_errors(), _connect() as link:
        found = dict(_rows(link))
    differ = sorted(name for name in manifest.rows if found.get(name) != manifest.rows[name])
    if differ and differ != [but]:
        raise BackupError(f"Other rows came in than went out: {', '.join(differ)}.")


def kept(times: Iterable[datetime]) -> set[datetime]:
    """Which backups stay: the newest of each of the last days and weeks that have one."""
    newest_first = sorted(times, reverse=True)
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for moment in newest_first:
        days.setdefault(moment.date(), moment)
        weeks.setdefault(moment.isocalendar()[:2], moment)
    return {*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]}


def backups_in(folder: Path) -> dict[datetime, Path]:
    """The backups under `folder` by the time they began."""
    found = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            moment = datetime.strptime(path.name, STAMP).replace(tzinfo=UTC)
            if (path / MANIFEST).is_file():
                found[moment] = path
        except (ValueError, OSError):
            continue  # not ours, or not ours to read
    return found


@metrics_source
def figures() -> Iterator[Metric]:
    """How old the newest backup is; for an alarm above 26 hours; nothing where none is set up."""
    if not settings.BACKUP_FOLDER:
        return
    times = backups_in(Path(settings.BACKUP_FOLDER))
    newest = max(times, default=datetime.fromtimestamp(0, UTC))
    age = (datetime.now(UTC) - newest).total_seconds()
    yield GaugeMetricFamily("hep_backup_age_seconds", "Since the newest backup began.", value=age)


def next_at(clock: str, *, now: datetime) -> datetime:
    """The next moment at which a clock in UTC shows `clock`, such as "02:00"."""
    hour, minute = (int(part) for part in clock.split(":"))
    today = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _let_go(folder: Path) -> None:
    found = backups_in(folder)
    for moment in found.keys() - kept(found):
        shutil.rmtree(found[moment])


@contextmanager
def _snapshot() -> Iterator[tuple[str, dict[str, int]]]:
    """A state of the database that the dump sees too, and the rows of each table in it."""
    with _connect() as link:
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        link.read_only = True
        (snapshot,) = link.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield snapshot, dict(_rows(link))


def _rows(link: psycopg.Connection) -> Iterator[tuple[str, int]]:
    for (name,) in link.execute(TABLES).fetchall():
        asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        yield name, _count(link, asked)


def _count(link: psycopg.Connection, asked: str | sql.Composed) -> int:
    found = link.execute(asked).fetchone()
    return int(found[0]) if found else 0


def _pipe(first: list[str], second: list[str]) -> None:
    """Run `first` into `second`. Raises BackupError with what they said when either fails."""
    environment = os.environ | _loader_path()
    if password := str(connection.settings_dict["PASSWORD"]):
        environment |= {"PGPASSWORD": password}
    # Into files: a program that says much must not wait for somebody to read it.
    with tempfile.TemporaryFile() as said:
        try:
            one = subprocess.Popen(  # noqa: S603  # our own commands
                first, stdout=subprocess.PIPE, stderr=said, env=environment
            )
            try:
                two = subprocess.Popen(  # noqa: S603  # our own commands
                    second, stdin=one.stdout, stdout=said, stderr=said, env=environment
                )
            finally:
                # The second alone reads it: when that ends, the first is told.
                if one.stdout:
                    one.stdout.close()
            codes = {two.wait(), one.wait()}
        except FileNotFoundError as error:
            raise BackupError(
                f"{error.filename} is missing. On Debian: apt-get install age postgresql-client"
            ) from error
        if codes != {0}:
            said.seek(0)
            words = scrub(said.read().decode(errors="replace").strip())
            raise BackupError(words[-2_000:] or "It failed silently.")


def _tool(name: str) -> list[str]:
    folder = settings.POSTGRESQL_BIN
    return [str(Path(folder) / name) if folder else name]


def _loader_path() -> dict[str, str]:
    """The programs of a wheel find their libraries beside them."""
    folder = settings.POSTGRESQL_BIN
    return {"LD_LIBRARY_PATH": str(Path(folder).parent / "lib")} if folder else {}


def _address() -> str:
    """The database for programs, without its password: arguments are seen by all on a machine."""
    row = connection.settings_dict
    parts = {key.lower(): str(row[key]) for key in ("USER", "HOST", "PORT") if row[key]}
    # Whoever asked for TLS has it here too.
    safe = {key: str(value) for key, value in row["OPTIONS"].items() if key.startswith(SECURE)}
    return make_conninfo(dbname=str(row["NAME"]), **parts, **safe)


def _connect() -> psycopg.Connection:
    return psycopg.connect(_address(), password=str(connection.settings_dict["PASSWORD"]))


def _leaves() -> dict[str, list[str]]:
    """The newest migrations by app, as this release has them."""
    leaves: dict[str, list[str]] = {}
    for app, name in MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes():
        leaves.setdefault(app, []).append(name)
    return leaves


def _unknown_here(schema: Mapping[str, list[str]]) -> list[str]:
    known = MigrationLoader(None, ignore_no_migrations=True).graph.nodes
    newest = [(app, name) for app, names in schema.items() for name in names]
    return [f"{app}.{name}" for app, name in newest if (app, name) not in known]


def _names_of_settings() -> list[str]:
    return sorted(name.upper() for name in settings.ENVIRONMENT_SET)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
