"""A chaos run: days of texts while everything is killed, restarted, dropped and moved in time.

`python -m tests.chaos.run [--patients N] [--seconds S] [--kills K]` writes build/chaos.json:
`{"occurrences", "kills", "texts_sent_twice", "occurrences_without_final_state",
"unknown_settled", "stale_texts_sent", "seconds"}` and exits 1 unless the three that must be 0 are.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hep.env import REPOSITORY
from tests.chaos.stage import Stage

NEW_YORK = ZoneInfo("America/New_York")
# The clocks go forward in the night to 8 March 2026.
FIRST_DAY = datetime(2026, 3, 7, 8, 29, 55, tzinfo=NEW_YORK)
FAULTS: list[dict[str, float]] = [
    {},
    {"accept_then_drop": 0.2},
    {"error_rate": 0.3, "status": 500, "error_code": 20500},
    {"error_rate": 0.5, "status": 429, "error_code": 20429},
    {"drop_callbacks": 0.5},
    {"duplicate_callbacks": 0.5, "shuffle_callbacks": True},
    {"latency_ms": 300, "accept_then_drop": 0.1},
]
# How long workers may take to come up and catch up, in seconds, on a machine that has other work.
LONG_ENOUGH = 60
# With a change of clocks among them, and an outage of 26 hours.
DAYS_AT_LEAST = 3
# The rest of the states have an end in themselves.
OPEN_STATES = "('waiting', 'attempting', 'accepted', 'queued', 'sending', 'sent')"


@dataclass
class Result:
    """What came of a run; the keys of build/chaos.json."""

    occurrences: int
    kills: int
    texts_sent_twice: int
    occurrences_without_final_state: int
    unknown_settled: int
    stale_texts_sent: int
    seconds: float
    days: int
    missing_occurrences: int
    unknown_left: int
    # What the open ones hang on, for whoever has to find out why: (status, local date, how many).
    left_open: list[tuple[object, ...]]

    def holds(self) -> bool:
        """Whether the promises were kept."""
        return not (
            self.texts_sent_twice
            or self.occurrences_without_final_state
            or self.stale_texts_sent
            or self.missing_occurrences
        )


def run(folder: Path, *, patients: int, seconds: float, kills: int, day_seconds: float) -> Result:
    """Play days until there were enough kills or the time is over, then settle and count."""
    started = time.monotonic()
    stage = Stage(folder, rate=0.08)
    stage.open()
    try:
        for command in (["migrate", "--verbosity", "0"], ["load_content"]):
            _manage(stage, *command)
        stage.set_clock(FIRST_DAY - timedelta(hours=1))
        _call(stage, "tests.chaos.cast", str(patients), FIRST_DAY.astimezone(UTC).isoformat())
        stage.start("simulator")
        stage.wait_until_up()
        day, deadline = 0, started + seconds - 90
        while day < DAYS_AT_LEAST or (time.monotonic() < deadline and _kills(stage) < kills):
            day += _play_days(stage, day, patients, day_seconds)
        _settle(stage, patients * day)
        return _count(stage, patients, day, round(time.monotonic() - started, 1))
    finally:
        stage.close()


def _play_days(stage: Stage, day: int, patients: int, seconds: float) -> int:
    """The texts of a day fall due, and everything that can go wrong goes wrong meanwhile.

    Every third time the service was down for 26 hours and finds the texts of two days: nobody may
    be texted for the first. Returns how many days have passed.
    """
    stage.outage()
    late = timedelta(hours=26) if day % 3 == 2 else timedelta()
    passed = 2 if late else 1
    morning = (FIRST_DAY.replace(tzinfo=None) + timedelta(days=day)).replace(tzinfo=NEW_YORK)
    stage.set_clock(morning.astimezone(UTC) + late)
    stage.start_all()
    # Beat asks for this every ten minutes; the clock has just moved by a day.
    _hurry(stage, "poll_half_way_messages")
    stage.faults(**random.choice(FAULTS))  # noqa: S311  # chance, not a secret
    disasters: list[Callable[[], None]] = [
        stage.kill_someone,
        stage.kill_someone,
        stage.kill_someone,
        stage.flush_broker,
        stage.restart_broker,
        stage.restart_database,
    ]
    expected = patients * (day + passed)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not _all_tried(stage, expected):
        time.sleep(1.5)
        random.choice(disasters)()  # noqa: S311  # chance, not a secret
        stage.faults(**random.choice(FAULTS))  # noqa: S311  # chance, not a secret
    return passed


def _all_tried(stage: Stage, expected: int) -> bool:
    return _number(stage, "SELECT count(*) FROM notifications_outboundmessage WHERE status NOT IN ('waiting', 'attempting')") >= expected  # fmt: skip  # one query


def _settle(stage: Stage, expected: int) -> None:
    """Let the dust settle: no more faults or kills, and the clock moves past every delay."""
    stage.rate = 0
    stage.faults()
    # Once more for all, since who runs still kills itself; from here on only the clock jumps.
    stage.outage()
    stage.start_all()
    for minutes in (5, 10):
        stage.set_clock(stage.now() + timedelta(minutes=minutes))
        _hurry(stage, "settle_expired_leases", "settle_unknown_outcomes")
        _wait(lambda: _unsettled(stage, expected) == 0, LONG_ENOUGH)
    # A text sent after a jump, whose callbacks were lost, is asked after hours later: jump again.
    for _ in range(4):
        stage.set_clock(stage.now() + timedelta(hours=4))
        for _ in range(6):
            _hurry(stage, "poll_half_way_messages", "settle_unknown_outcomes")
            if _wait(lambda: _open(stage) == 0, 3):
                return


def _unsettled(stage: Stage, expected: int) -> int:
    missing = expected - _number(stage, "SELECT count(*) FROM notifications_outboundmessage")
    return missing + _number(stage, "SELECT count(*) FROM notifications_outboundmessage WHERE status IN ('waiting', 'attempting', 'unknown')")  # fmt: skip  # one query


def _open(stage: Stage) -> int:
    return _number(stage, f"SELECT count(*) FROM notifications_outboundmessage WHERE status IN {OPEN_STATES}")  # noqa: S608  # a constant  # fmt: skip


def _hurry(stage: Stage, *tasks: str) -> None:
    """Ask for sweeps that the clock would bring within minutes."""
    _call(stage, "tests.chaos.hurry", *(f"notifications.tasks.{name}" for name in tasks))


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.3)
    return False


def _count(stage: Stage, patients: int, days: int, seconds: float) -> Result:
    logs = "".join(path.read_text(errors="replace") for path in stage.folder.glob("*-[0-9].log"))
    occurrences = _number(stage, "SELECT count(*) FROM notifications_outboundmessage")
    return Result(
        occurrences=occurrences,
        kills=_kills(stage),
        texts_sent_twice=stage.stats()["duplicates"],
        occurrences_without_final_state=_open(stage),
        unknown_settled=logs.count("settled message=") + logs.count("is provably absent"),
        stale_texts_sent=_number(
            stage,
            "SELECT count(*) FROM notifications_sendattempt a"
            " JOIN notifications_outboundmessage m ON m.id = a.message_id"
            " WHERE (a.started_at AT TIME ZONE 'America/New_York')::date <> m.local_date",
        ),
        seconds=seconds,
        days=days,
        missing_occurrences=patients * days - occurrences,
        unknown_left=_number(
            stage, "SELECT count(*) FROM notifications_outboundmessage WHERE status = 'unknown'"
        ),
        left_open=stage.query(
            "SELECT status, local_date::text, count(*) FROM notifications_outboundmessage"
            " WHERE status NOT IN ('skipped', 'failed', 'delivered', 'undelivered', 'unknown')"
            " GROUP BY 1, 2"
        ),
    )


def _kills(stage: Stage) -> int:
    return stage.kills + len(stage.deaths())


def _number(stage: Stage, query: str) -> int:
    value = stage.query(query)[0][0]
    assert isinstance(value, int)
    return value


def _manage(stage: Stage, *words: str) -> None:
    subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "manage.py", *words],
        cwd=REPOSITORY,
        env=stage.environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _call(stage: Stage, module: str, *words: str) -> None:
    subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", module, *words], cwd=REPOSITORY, env=stage.environment, check=True
    )


def main() -> int:
    """Run, write build/chaos.json, say what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--patients", type=int, default=250)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--day-seconds", type=float, default=20, help="longest time for a day")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "build" / "chaos.json")
    parser.add_argument("--keep", type=Path, help="a folder for data and logs, kept afterwards")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hep-chaos-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(
            folder,
            patients=options.patients,
            seconds=options.seconds,
            kills=options.kills,
            day_seconds=options.day_seconds,
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(asdict(result), indent=2) + "\n")
    sys.stdout.write(options.out.read_text())
    return 0 if result.holds() else 1


if __name__ == "__main__":
    sys.exit(main())
