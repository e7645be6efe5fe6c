"""schemathesis reads our schema and tries everything it allows, and much that it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from exercises.models import DeviceToken, Patient, User
from tests import factories
from tests.conftest import app_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
EXAMPLES = 2
# Two checks ask for more than a schema can say or DRF wants: rules of the clinic refuse what has the
# right shape, and DRF takes the number 5 for the text "5" and an empty filter for none.
WITHOUT = "positive_data_acceptance,negative_data_rejection"
# Signing out would end the run; it is tried in test_signing_in.
LEFT_OUT = "/auth/logout"


@pytest.mark.parametrize("who", ["patient", "provider"])
def test_no_request_breaks_the_service_or_the_schema(
    who: str,
    alice: User,
    maria: Patient,
    live_server: LiveServer,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.DEBUG = False
    factories.program(maria)
    app_of(maria)
    user = User.objects.get(patient=maria) if who == "patient" else alice
    _, token = DeviceToken.objects.create(user=user)
    done = subprocess.run(  # noqa: S603  # our own command
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{live_server.url}/api/schema/",
            "--checks", "all", "--exclude-checks", WITHOUT, "--header", f"Authorization: Token {token}",
            "--max-examples", str(EXAMPLES), "--exclude-path-regex", LEFT_OUT,
            "--generation-deterministic", "--no-color", "--workers", "1",
        ],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip  # a command line
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
