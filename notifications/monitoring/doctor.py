"""`manage.py doctor`: what an operator would ask first, each with an answer and what to do."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import redis
from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from hep import backups
from hep.celery import TICKS
from hep.env import REPOSITORY
from notifications.models import Heartbeat, InboundMessage, Sender
from notifications.monitoring.heartbeat import late_ticks
from notifications.outgoing import senders

# Messages and leases survive clocks that differ by five seconds (docs/decisions.md).
SKEW_WARNS, SKEW_HURTS = 2.0, 5.0
OLD_ZONES_DAYS = 400
LEAST_FREE, FULL = 0.1, 0.02
QUIET_HOURS = 48
OLD_BACKUP_HOURS = 26
# The processes of docker-compose.yml: two of the web, five of workers, beat, and hands on a shell.
PROCESSES, SPARE_CONNECTIONS = 8, 10


class State(StrEnum):
    """How it is. Only `bad` makes the command fail."""

    OK = "ok"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and what to do where it is not well."""

    name: str
    state: State
    words: str


def examine() -> Iterator[Answer]:
    """Each question answered; one that cannot be asked is `bad` and stops no other."""
    for name, ask in QUESTIONS.items():
        try:
            state, words = ask()
        except Exception as error:  # noqa: BLE001  # whatever is broken is what is asked about
            state, words = State.BAD, f"cannot be told: {type(error).__name__}"
        yield Answer(name, state, words)


def _clock() -> tuple[State, str]:
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    skew = abs((theirs - before).total_seconds())
    state = State.BAD if skew > SKEW_HURTS else State.LOOK if skew > SKEW_WARNS else State.OK
    return state, f"{skew:.1f} s from the database's; above {SKEW_WARNS:.0f} s set NTP right"


def _database() -> tuple[State, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute("SHOW max_connections")
        allowed = int(cursor.fetchone()[0])
    wanted = PROCESSES * max(1, int(settings.DATABASE_POOL)) + SPARE_CONNECTIONS
    if wanted > allowed:
        return (
            State.LOOK,
            f"PostgreSQL {version}: {wanted} connections may be wanted, {allowed} are",
        )
    return State.OK, f"PostgreSQL {version}, at most {wanted} of {allowed} connections"


def _schema() -> tuple[State, str]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return State.BAD, f"{missing} migrations are missing: manage.py migrate"
    return State.OK, "as this release has it"


def _broker() -> tuple[State, str]:
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2) as client:
        facts = client.info()
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        return State.LOOK, f"Redis {facts['redis_version']} evicts ({policy}): set noeviction"
    return State.OK, f"Redis {facts['redis_version']}"


def _settings() -> tuple[State, str]:
    found = [row.id or "?" for row in checks.run_checks(include_deployment_checks=True)]
    if found:
        return State.LOOK, f"check --deploy says {', '.join(sorted(set(found)))}"
    return State.OK, "check --deploy is silent"


def _zones() -> tuple[State, str]:
    version = importlib.metadata.version("tzdata")
    year, month = (int(part) for part in re.findall(r"\d+", version)[:2])
    # 2026.2 is the year's second; about one comes every four months.
    age = (datetime.now(UTC).date() - date(year, min(12, max(1, month * 4 - 3)), 1)).days
    state = State.LOOK if age > OLD_ZONES_DAYS else State.OK
    return state, f"time-zone data {version}; a newer one comes with pip install -U tzdata"


def _disk() -> tuple[State, str]:
    folders = {Path(settings.BACKUP_FOLDER or REPOSITORY), REPOSITORY}
    free = min(_free_share(folder) for folder in folders if folder.exists())
    state = State.BAD if free < FULL else State.LOOK if free < LEAST_FREE else State.OK
    return state, f"{free:.0%} free where this runs; PostgreSQL's own disk is not seen from here"


def _free_share(folder: Path) -> float:
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def _backup() -> tuple[State, str]:
    if not settings.BACKUP_FOLDER:
        return State.LOOK, "none is set up: docs/operations.md#backup"
    times = backups.backups_in(Path(settings.BACKUP_FOLDER))
    if not times:
        return State.BAD, f"none in {settings.BACKUP_FOLDER}: manage.py backup"
    hours = (datetime.now(UTC) - max(times)).total_seconds() / 3600
    state = State.BAD if hours > OLD_BACKUP_HOURS else State.OK
    return state, f"the newest is {hours:.0f} hours old, {len(times)} are kept"


def _ticks() -> tuple[State, str]:
    if not Heartbeat.objects.filter(name__in=TICKS).exists():
        return State.LOOK, "none ever ran: start beat and the workers"
    late = late_ticks(now=timezone.now())
    return (State.BAD, f"late: {', '.join(late)}") if late else (State.OK, "none is late")


def _texting() -> tuple[State, str]:
    stopped = Sender.objects.exclude(stopped_at=None).count()
    if stopped:
        return State.BAD, f"{stopped} senders are stopped: docs/runbooks.md#sender-stopped"
    if not senders.texting_is_on():
        return State.LOOK, "switched off: docs/runbooks.md#texting-is-off"
    if not Sender.objects.exists():
        return State.LOOK, "on, but there is no sender: admin, Senders"
    return State.OK, f"on, by {Sender.objects.count()} senders"


def _webhooks() -> tuple[State, str]:
    address = f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/inbound/"
    newest = InboundMessage.objects.aggregate(at=Max("received_at"))["at"]
    if newest is None:
        return State.LOOK, f"no text ever came: is {address} the number's webhook at Twilio?"
    hours = (timezone.now() - newest).total_seconds() / 3600
    state = State.LOOK if hours > QUIET_HOURS else State.OK
    return state, f"the newest text came {hours:.0f} hours ago, to {address} or by the list"


QUESTIONS: dict[str, Callable[[], tuple[State, str]]] = {
    "clock": _clock,
    "database": _database,
    "schema": _schema,
    "broker": _broker,
    "settings": _settings,
    "time zones": _zones,
    "disk": _disk,
    "backup": _backup,
    "ticks": _ticks,
    "texting": _texting,
    "webhooks": _webhooks,
}
