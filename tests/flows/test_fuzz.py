"""schemathesis reads our schema and tries everything it allows, and much that it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from rest_framework.settings import api_settings

from exercises.models import Alert, DeviceToken, Patient, User
from tests.access.test_matrix import places
from tests.depth import THOROUGH
from tests.factories import CHECK_IN_AT

__all__ = ["places"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1500),
    pytest.mark.long,
]
ROOT = Path(__file__).parents[2]
# Some random requests to each route here; `make coverage` sets HEP_FUZZ and tries every phase, among them each edge of
# each field, on the routes that are for this caller (thousands of requests), and some random ones on those
# that refuse them. With more by hand: HEP_FUZZ=50 make test PYTEST_ARGS=…
LIGHT = ["--max-examples", "2", "--phases", "fuzzing"]
SOME = ["--max-examples", "10", "--phases", "examples,fuzzing"]
EVERY_PHASE = ["--max-examples", os.environ.get("HEP_FUZZ", "2"), "--phases", "examples,coverage,fuzzing,stateful"]  # fmt: skip
# Signing out would end the run; it is tried in test_signing_in.
OF_PATIENTS = ["--include-path-regex", "/(me|auth)/(?!logout)"]
OF_PROVIDERS = ["--exclude-path-regex", "/(me|auth)/"]
ALL = ["--exclude-path-regex", "/auth/logout"]
EFFORTS = {"patient": [*LIGHT, *ALL], "provider": [*LIGHT, *ALL]}
if THOROUGH:
    EFFORTS = {
        "patient": [*EVERY_PHASE, *OF_PATIENTS],
        "provider who writes": [*EVERY_PHASE, *OF_PROVIDERS, "--exclude-method", "GET"],
        # Their filters are tried edge by edge in test_api_filters.
        "provider who reads": [*SOME, *OF_PROVIDERS, "--include-method", "GET"],
        "patient where providers are": [*LIGHT, *OF_PROVIDERS],
        "provider where patients are": [*LIGHT, *OF_PATIENTS],
    }
# Everything is on. A rule of the clinic may refuse what has the right shape: fuzz_rules.py looks
# that it was a rule. A batch answers for each of its items, a bad one among them.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 412, 429]

[[operations]]
include-path = "/api/v1/me/batch/"
[operations.checks.negative_data_rejection]
expected-statuses = [200, 400, 401, 404, 413, 415]

[parameters]
"""


@pytest.mark.parametrize("effort", EFFORTS)
def test_no_request_breaks_the_service_or_the_schema(
    effort: str,
    alice: User,
    maria: Patient,
    places: dict[str, object],
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    settings.DEBUG = False
    # Thousands of requests of one user in a minute.
    for scope in api_settings.DEFAULT_THROTTLE_RATES:
        monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, scope, "1000000/min")
    rows = {place.strip("<>").split(":")[1]: row for place, row in places.items()}
    # All under "pk" or "id" are patients.
    rows = {f"path.{name}": row for name, row in (rows | {"id": rows["pk"]}).items()}
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        CONFIG
        + "".join(f'"{name}" = {json.dumps(row, default=str)}\n' for name, row in rows.items())
    )
    with time_machine.travel(CHECK_IN_AT):
        is_patient = effort.startswith("patient")
        if is_patient:
            # Or every log would be refused: a sign is open.
            Alert.objects.update(acknowledged_at=CHECK_IN_AT)
        user = User.objects.get(patient=maria) if is_patient else alice
        _, token = DeviceToken.objects.create(user=user)
        done = subprocess.run(  # noqa: S603  # our own command
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
                f"{live_server.url}/api/schema/", "--checks", "all",
                "--header", f"Authorization: Token {token}", *EFFORTS[effort],
                "--generation-deterministic", "--no-color",
                "--workers", "1", "--continue-on-failure",
            ],
            capture_output=True, text=True, check=False, cwd=tmp_path,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.flows.fuzz_rules", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip  # a command line
    if dump := os.environ.get("HEP_FUZZ_DUMP"):
        Path(dump + effort).write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
