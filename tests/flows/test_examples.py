"""Each example of the schema is sent as it stands there, and taken."""

from __future__ import annotations

import json

import pytest
import time_machine
from rest_framework.test import APIClient

from exercises.models import Alert, DeviceToken, Patient, Proposal, SessionLog, User
from exercises.reads.versions import program_phases
from hep.schema import examples
from tests.access.test_matrix import places
from tests.conftest import app_of
from tests.factories import CHECK_IN_AT

__all__ = ["places"]
pytestmark = pytest.mark.django_db
# Its code is made up: tests/flows/test_signing_in.py signs in with a real one.
NOT_SENT = {"POST /api/v1/auth/otp/verify/"}


@pytest.mark.parametrize("operation", sorted(set(examples()) - NOT_SENT))
def test_it_is_taken(
    operation: str, places: dict[str, object], api: APIClient, maria: Patient
) -> None:
    # A log may be corrected on the day it was written, which here is the day of the examples.
    SessionLog.objects.update(created_at=CHECK_IN_AT)
    if "sessions" in operation:
        # While a sign is open, nothing is kept as done.
        Alert.objects.update(acknowledged_at=CHECK_IN_AT)
    proposal = Proposal.objects.get()
    if "accept" in operation:
        proposal.kind = Proposal.Kind.STAY
        proposal.changes = [
            phase.model_dump(mode="json") for phase in program_phases(proposal.program)
        ]
        proposal.save()
    method, address = operation.split(" ")
    for place, value in places.items():
        address = address.replace(f"{{{place.strip('<>').split(':')[1]}}}", str(value))
    address = address.replace("{id}", str(maria.pk))
    client = app_of(maria) if "/me/" in address else api
    if "push-token" in address:
        # A push token belongs to a device, so to a token and not to a session.
        token = DeviceToken.objects.create(user=User.objects.get(patient=maria))[1]
        client = APIClient(headers={"authorization": f"Token {token}"})
    if "/auth/" in address:
        client = APIClient()
    with time_machine.travel(CHECK_IN_AT, tick=False):
        answer = client.generic(
            method,
            address,
            json.dumps(examples()[operation]),
            content_type="application/json",
        )
    assert 200 <= answer.status_code < 300, answer.content
    if "batch" in address:
        assert [row["status"] for row in answer.json()["results"]] == ["kept", "kept"]
