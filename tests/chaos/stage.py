"""The stage of a chaos run: servers, processes, faults and the clock, all real, all killable."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import redis
import requests

from hep.local_services import EmbeddedPostgresql, EmbeddedRedis
from tests.chaos.nursery import Nursery
from tests.flows.running_demo import free_port

ACCOUNT = "AC" + "0" * 32
CLINIC_NUMBER = "+14155550100"
PROCESSES = (
    "simulator",
    "web",
    *("now-1", "now-2", "send-1", "send-2", "later-1"),
    *("beat-1", "beat-2"),
)


class Stage:
    """Everything a chaos run acts on."""

    def __init__(self, folder: Path, *, rate: float) -> None:
        self.folder = folder
        self.kills = 0
        # How likely a process kills itself at each named step.
        self.rate = rate
        self._database = EmbeddedPostgresql(folder / "postgresql")
        self._broker = EmbeddedRedis(folder / "redis")
        self._running: dict[str, int] = {}
        self._nursery: Nursery | None = None
        self._clock = folder / "clock"
        self._deaths = folder / "deaths"
        self._deaths.touch()
        self.phones = f"http://127.0.0.1:{free_port()}"
        self.web = f"http://127.0.0.1:{free_port()}"
        self.environment: dict[str, str] = {}

    def open(self) -> None:
        """Start the servers and bring the database up to date."""
        self._clock.write_text("0")
        self.environment = {
            **os.environ,
            "DATABASE_URL": self._database.start(),
            "REDIS_URL": self._broker.start(),
            "DATABASE_POOL_SIZE": "0",
            "DEBUG": "true",
            "SECRET_KEY": "chaos",
            "HEP_PORT": self.web.rsplit(":", 1)[1],
            "SIMULATOR_PORT": self.phones.rsplit(":", 1)[1],
            "SIMULATOR_NUMBERS": CLINIC_NUMBER,
            "PUBLIC_BASE_URL": self.web,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": "chaos",
            "TWILIO_API_BASE_URL": self.phones,
            "TWILIO_TIMEOUT_SECONDS": "3",
            "CHAOS_CLOCK": str(self._clock),
            "CHAOS_DEATHS": str(self._deaths),
            "PYTHONWARNINGS": "ignore",
        }
        os.environ |= {key: self.environment[key] for key in ("DATABASE_URL", "REDIS_URL")}

    def close(self) -> None:
        """Stop everything."""
        for name in list(self._running):
            self._end(name)
        if self._nursery:
            self._nursery.close()
        self._broker.stop()
        self._database.stop()

    # --- processes ------------------------------------------------------------------------
    def start(self, name: str) -> None:
        """Start a process by its name on PROCESSES."""
        self._nursery = self._nursery or Nursery(self.environment)
        self._running[name] = self._nursery.start(
            name.split("-", maxsplit=1)[0],
            log=self.folder / f"{name}.log",
            rate=self.rate,
        )

    def start_all(self) -> None:
        """Start what does not run."""
        for name in PROCESSES:
            if name not in self._running:
                self.start(name)

    def kill(self, name: str) -> None:
        """SIGKILL a process with its children, then start it again."""
        self._end(name)
        self.kills += 1
        self.start(name)

    def kill_someone(self) -> None:
        """Kill a process that is not the simulator: it plays the outside world."""
        self.kill(random.choice(PROCESSES[1:]))  # noqa: S311  # chance, not a secret

    def outage(self) -> None:
        """Kill everything of ours and leave it down."""
        for name in PROCESSES[1:]:
            if name in self._running:
                self._end(name)
                self.kills += 1

    def _end(self, name: str) -> None:
        assert self._nursery
        self._nursery.end(self._running.pop(name))

    def deaths(self) -> list[str]:
        """The steps at which processes killed themselves."""
        return self._deaths.read_text().split("\n")[:-1]

    # --- servers --------------------------------------------------------------------------
    def restart_database(self) -> None:
        """Stop and start PostgreSQL."""
        self._database.stop()
        self._database.start()

    def restart_broker(self) -> None:
        """Stop and start Redis."""
        self._broker.stop()
        self._broker.start()

    def flush_broker(self) -> None:
        """Empty Redis."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushall()

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows from the database."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(statement.encode()).fetchall()

    # --- the outside world ----------------------------------------------------------------
    def faults(self, **faults: float) -> None:
        """What goes wrong at the simulator; none when empty."""
        requests.put(f"{self.phones}/faults", json=faults, timeout=10).raise_for_status()

    def stats(self) -> dict[str, int]:
        """The simulator's counts."""
        answer: dict[str, int] = requests.get(f"{self.phones}/stats", timeout=10).json()
        return answer

    def set_clock(self, moment: datetime) -> None:
        """Move every process's clock so that it is `moment` now."""
        offset = (moment - datetime.now(UTC)).total_seconds()
        scratch = self._clock.with_suffix(".new")
        scratch.write_text(str(offset))
        scratch.replace(self._clock)  # at once, so that no process reads half a number

    def now(self) -> datetime:
        """The moved clock."""
        offset = float(self._clock.read_text())
        return datetime.fromtimestamp(time.time() + offset, tz=UTC)

    def wait_until_up(self) -> None:
        """Until the simulator answers."""
        deadline = time.monotonic() + 30
        while True:
            try:
                self.stats()
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return
