"""A TypeScript client, generated from our schema by a stock generator, against a running server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from exercises.models import CheckIn, Patient, SessionLog, SignInCode
from exercises.services import ask_for_code
from hep.env import REPOSITORY
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
FILES = ("app.ts", "package.json", "package-lock.json", "tsconfig.json")


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`."""
    return subprocess.run(  # noqa: S603  # our own commands
        command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A folder with the client, its packages installed."""
    # `make test` installs it where root may; without it there is no client to try.
    if shutil.which("npm") is None:
        pytest.skip("The TypeScript client needs npm. On Debian: apt-get install nodejs npm")
    for name in FILES:
        shutil.copy(REPOSITORY / "tests" / "client" / name, tmp_path / name)
    installed = run(tmp_path, "npm", "ci", "--no-audit", "--no-fund")
    # A machine without a way to a registry cannot have the packages; all other tests still run.
    if installed.returncode:
        pytest.skip(f"npm could not install the packages: {installed.stderr[-300:]}")
    return tmp_path


def test_it_signs_in_syncs_sends_a_batch_and_corrects(
    client: Path, live_server: LiveServer, maria: Patient
) -> None:
    now = timezone.now()
    factories.program(maria, now=now)
    ask_for_code(phone=str(maria.phone), now=now)
    schema = str(REPOSITORY / "docs" / "openapi.yaml")
    for command in (("openapi-typescript", schema, "-o", "schema.d.ts"), ("tsc",)):
        built = run(client, "npx", "--no-install", *command)
        assert built.returncode == 0, built.stdout + built.stderr
    code = SignInCode.objects.get().code
    done = run(
        client, "node", "out/app.js", BASE_URL=live_server.url, PHONE=str(maria.phone), CODE=code
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert CheckIn.objects.get().score == 6
    assert SessionLog.objects.get().sets == 3
