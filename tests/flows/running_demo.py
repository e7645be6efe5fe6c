"""The demo as its own processes, on a database and ports of its own."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import requests

from hep.env import REPOSITORY
from tests.waiting import eventually


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# Numbered databases of Redis, so that two demos do not share a queue.
BROKERS = itertools.count(8)


class RunningDemo:
    """`python -m hep.demo` with its log in a file."""

    def __init__(self, folder: Path, more: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._more = more or {}
        self._database = f"hep_demo_{uuid.uuid4().hex[:12]}"
        self._broker = next(BROKERS)
        self.web = f"http://localhost:{free_port()}"
        self.phones = f"http://localhost:{free_port()}"
        self.log = folder / "demo.log"

    def environment(self) -> dict[str, str]:
        """This test's servers, with a database and a broker queue that nobody else uses."""
        parts = urlsplit(os.environ["DATABASE_URL"])
        redis = urlsplit(os.environ["REDIS_URL"])
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self._database}")),
            "DATABASE_POOL_SIZE": "2",
            "REDIS_URL": urlunsplit(redis._replace(path=f"/{self._broker}")),
            "HEP_HOME": str(self._folder),
            "HEP_PORT": str(urlsplit(self.web).port),
            "SIMULATOR_PORT": str(urlsplit(self.phones).port),
            **self._more,
        }

    def start(self) -> None:
        """Start and wait until the service is ready."""
        self._sql(f'CREATE DATABASE "{self._database}"')
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(  # our own command
                [sys.executable, "-m", "hep.demo"],
                cwd=REPOSITORY,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(self._is_ready, seconds=180)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(f"{self.web}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def children(self) -> list[psutil.Process]:
        """Every process the demo started."""
        children: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return children

    def interrupt(self) -> int:
        """Ctrl-C: the terminal tells the whole group. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=30)

    def stop(self) -> None:
        """End what still runs and drop the database."""
        if self.process.poll() is None:
            self.interrupt()
        self._sql(f'DROP DATABASE "{self._database}" WITH (FORCE)')

    @staticmethod
    def _sql(statement: str) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement.encode())
