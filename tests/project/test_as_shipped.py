"""The service's processes as docker-compose.yml starts them: command, settings, cage, health check."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from hep.env import REPOSITORY
from tests.flows.running_demo import free_port
from tests.project.test_compose import COMPOSE, ENV_EXAMPLE, RUNNING
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.timeout(300)]
SERVICES = [name for name in RUNNING if name != "simulator"]
# As `read_only`, `tmpfs`, `cap_drop` and `no-new-privileges` do. Root alone can do it; the user stays, and
# so does one capability: the socket of the tests' database lies in a folder of another user.
CAGE = [
    "unshare", "--mount", "sh", "-c",
    # What lies in /tmp stays in sight: the repository may.
    "mount --bind /tmp /tmp && mount -o remount,ro,bind / / && exec setpriv --inh-caps=-all"
    ' --ambient-caps=-all --bounding-set=-all,+dac_override --no-new-privs "$@"', "cage",
]  # fmt: skip  # a command line
CAN_CAGE = os.geteuid() == 0 and not subprocess.run([*CAGE, "true"], check=False).returncode  # noqa: S603  # ours


def environment(port: int) -> dict[str, str]:
    """`.env` filled in, with what the test's machine has for the database and Redis."""
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", ENV_EXAMPLE, re.MULTILINE))
    database = connection.settings_dict["NAME"]
    return given | {
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "TWILIO_AUTH_TOKEN": "only-for-tests",
        # Nothing leaves from a test.
        "TEXTING_ENABLED": "false",
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl(),
        # Another of Redis's sixteen than the tests' own, whose queues nobody empties.
        "REDIS_URL": re.sub(r"/\d+$", "/15", os.environ["REDIS_URL"]),
        "HEP_BIND": "127.0.0.1",
        "HEP_PORT": str(port),
        "HOSTNAME": "as-shipped",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def as_here(words: list[str], port: int) -> list[str]:
    """A command of the file, with the names that hosts have in a compose network."""
    return [
        re.sub(r"(http://)(web|127\.0\.0\.1):8000", rf"\g<1>127.0.0.1:{port}", word)
        .replace("$$", "$")
        .replace("@%h", "@as-shipped")
        for word in words
    ]


@contextmanager
def started(service: dict[str, Any], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    cage = CAGE if CAN_CAGE else []
    command = as_here([*cage, *shlex.split(service["command"])], port)
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603  # the file's own command
            command, env=environment(port), cwd=REPOSITORY, stdout=written, stderr=written
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def is_healthy(service: dict[str, Any], port: int) -> bool:
    kind, *words = service["healthcheck"]["test"]
    words = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
    done = subprocess.run(  # noqa: S603  # the file's own command
        as_here(words, port),
        env=environment(port),
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_every_process_of_the_service_runs_in_its_cage_and_is_called_healthy(
    tmp_path: Path,
) -> None:
    port = free_port()
    logs = {name: tmp_path / f"{name}.log" for name in SERVICES}
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(started(COMPOSE["services"][name], port, logs[name]))
            for name in SERVICES
        }
        for name, process in running.items():
            service = COMPOSE["services"][name]
            try:
                eventually(partial(is_healthy, service, port), seconds=90, pause=0.5)
            except AssertionError:
                pytest.fail(f"{name} is not healthy: {logs[name].read_text()}")
            assert process.poll() is None, logs[name].read_text()
    for name, log in logs.items():
        assert "Traceback" not in log.read_text(), (name, log.read_text())


def test_every_container_is_caged() -> None:
    for name, service in COMPOSE["services"].items():
        caged = (service["read_only"], service["cap_drop"], service["security_opt"])
        assert caged == (True, ["ALL"], ["no-new-privileges:true"]), name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert "/tmp" in service["tmpfs"], name  # noqa: S108  # of the container
