"""A TypeScript client, generated from our schema by a stock generator, against a running server."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from exercises.models import CheckIn, Patient, SessionLog, SignInCode
from exercises.services import ask_for_code
from hep.env import REPOSITORY
from notifications.outgoing import sign_in_texts
from tests import factories
from tests.npm import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def test_it_signs_in_syncs_sends_a_batch_and_corrects(
    packages: Path, live_server: LiveServer, maria: Patient
) -> None:
    now = timezone.now()
    factories.program(maria, now=now)
    ask_for_code(phone=str(maria.phone), now=now)
    schema = str(REPOSITORY / "docs" / "openapi.yaml")
    for command in (("openapi-typescript", schema, "-o", "schema.d.ts"), ("tsc",)):
        built = run(packages, "npx", "--no-install", *command)
        assert built.returncode == 0, built.stdout + built.stderr
    sign_in_texts.text_codes(now=timezone.now())
    code = SignInCode.objects.get().code
    done = run(
        packages, "node", "out/app.js", BASE_URL=live_server.url, PHONE=str(maria.phone), CODE=code
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert CheckIn.objects.get().score == 6
    assert SessionLog.objects.get().sets == 3
