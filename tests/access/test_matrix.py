"""Every route of the API × everybody who may ask; a new route without a row here fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from exercises.models import DeviceToken, Patient, Proposal, Provider, User
from exercises.services import LogSpec, log_session
from exercises.services.alerts import open_alert
from tests import factories
from tests.conftest import api_of, app_of
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
BASE = "api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Who gets through. Others get 401 or 404; an assistant who may see and not do gets 403.
TEAM = ("provider", "assistant", "clinic_admin")
EVERYBODY = ("anonymous", "patient", "other_patient", "provider", "provider_elsewhere", "assistant", "clinic_admin")  # fmt: skip
KINDS: dict[str, set[str]] = {
    "public": set(EVERYBODY),
    "signed in": set(EVERYBODY) - {"anonymous"},
    "patients": {"patient", "other_patient"},
    "own": {"patient"},
    "staff": {"provider", "provider_elsewhere", "assistant", "clinic_admin"},
    "clinic": set(TEAM),
    "clinicians": {"provider", "clinic_admin"},
}
MATRIX = {
    "public": """
        POST auth/login/
        POST auth/session/
        POST auth/otp/
        POST auth/otp/verify/
        GET fhir/metadata
    """,
    "signed in": """
        GET auth/devices/
        POST auth/logout/
        POST auth/logout-everywhere/
    """,
    "patients": """
        GET me/
        PATCH me/
        POST me/batch/
        GET me/changes/
        GET me/check-ins/
        POST me/check-ins/
        GET me/consent/
        POST me/consent/
        POST me/consent/stop/
        GET me/export/
        GET me/fhir/
        GET me/messages/
        POST me/messages/
        POST me/pause/
        DELETE me/pause/
        GET me/progress/
        PUT me/push-token/
        DELETE me/push-token/
        GET me/schedules/
        GET me/sessions/
        POST me/sessions/
        GET me/today/
    """,
    "own": """
        DELETE auth/devices/<uuid:device_id>/
        DELETE me/answers/<uuid:client_id>/
        PATCH me/schedules/<int:schedule_id>/
        PATCH me/sessions/<uuid:client_id>/
    """,
    "staff": """
        GET alerts/
        GET auth/session/
        DELETE auth/session/
        GET exercises/
        GET patients/
        POST patients/
        GET proposals/
        GET reviews/
        GET templates/
    """,
    "clinic": """
        GET patients/<uuid:pk>/
        PATCH patients/<uuid:pk>/
        GET patients/<uuid:patient_id>/check-ins/
        GET patients/<uuid:patient_id>/consent/
        POST patients/<uuid:patient_id>/consent/
        GET patients/<uuid:patient_id>/fhir/
        GET patients/<uuid:patient_id>/messages/
        POST patients/<uuid:patient_id>/messages/
        GET patients/<uuid:patient_id>/page-links/
        POST patients/<uuid:patient_id>/page-links/
        DELETE patients/<uuid:patient_id>/page-links/
        GET patients/<uuid:patient_id>/programs/
        GET patients/<uuid:patient_id>/texts/preview/
        GET patients/<uuid:patient_id>/treatments/
        GET programs/<uuid:program_id>/
        GET programs/<uuid:program_id>/course/
        GET programs/<uuid:program_id>/visit-report/
        GET programs/<uuid:program_id>/measures/
        GET programs/<uuid:program_id>/plan/
        GET programs/<uuid:program_id>/sessions/
        POST programs/<uuid:program_id>/sessions/
        GET programs/<uuid:program_id>/versions/
    """,
    "clinicians": """
        POST alerts/<uuid:alert_id>/acknowledge/
        POST patients/<uuid:patient_id>/programs/
        POST patients/<uuid:patient_id>/treatments/
        PATCH programs/<uuid:program_id>/
        POST programs/<uuid:program_id>/measures/
        POST programs/<uuid:program_id>/versions/
        POST proposals/<uuid:proposal_id>/accept/
        POST proposals/<uuid:proposal_id>/decline/
        POST reviews/<int:review_id>/complete/
    """,
}
ROWS = {
    line.strip(): kind for kind, lines in MATRIX.items() for line in lines.splitlines() if line.strip()
}  # fmt: skip


def _routes(resolver: URLResolver, path: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, here)
        elif here.startswith(BASE):
            yield here.removeprefix(BASE), entry


def _methods(entry: URLPattern) -> set[str]:
    actions: dict[str, str] | None = getattr(entry.callback, "actions", None)
    view: Any = getattr(entry.callback, "cls", None)
    names = (
        set(actions)
        if actions
        else {name.lower() for name in METHODS if hasattr(view, name.lower())}
    )
    return {name.upper() for name in names} & set(METHODS)


URL_TABLE = {
    f"{method} {route}" for route, entry in _routes(get_resolver()) for method in _methods(entry)
}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(ROWS) == URL_TABLE


@pytest.fixture
def places(maria: Patient) -> dict[str, object]:
    """What the routes may name, all of it Maria's."""
    program = factories.program(maria)
    client_id = uuid.uuid4()
    log_session(
        program=program, local_date=TODAY, log=LogSpec("exercise", "done"), source="app",
        client_id=str(client_id), now=CHECK_IN_AT,
    )  # fmt: skip
    proposal = Proposal.objects.create(
        program=program, kind="stop", reasons=["x"], version=1, local_date=TODAY
    )
    app_of(maria)
    device, _ = DeviceToken.objects.create(user=User.objects.get(patient=maria))
    review = program.reviews.first()
    assert review is not None
    return {
        "<uuid:patient_id>": maria.pk,
        "<uuid:pk>": maria.pk,
        "<uuid:program_id>": program.pk,
        "<uuid:proposal_id>": proposal.pk,
        "<int:review_id>": review.pk,
        "<uuid:alert_id>": open_alert(
            patient=maria, program=program, reason="red_flag", now=CHECK_IN_AT
        ).pk,
        "<int:schedule_id>": program.schedules.get().pk,
        "<uuid:client_id>": client_id,
        "<uuid:device_id>": device.public_id,
    }


@pytest.fixture
def callers(maria: Patient, alice: User, bob: User) -> dict[str, APIClient]:
    """Everybody; who has no business here asks first, so that nothing is gone before."""
    neighbour = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    team = {
        role: api_of(factories.ProviderFactory.create(clinic=maria.clinic, role=role).user)
        for role in (Provider.Role.ASSISTANT, Provider.Role.CLINIC_ADMIN)
    }
    return {
        "anonymous": APIClient(),
        "other_patient": app_of(neighbour),
        "provider_elsewhere": api_of(bob),
        "assistant": team[Provider.Role.ASSISTANT],
        "patient": app_of(maria),
        "provider": api_of(alice),
        "clinic_admin": team[Provider.Role.CLINIC_ADMIN],
    }


def _expected(kind: str, caller: str) -> set[int]:
    """Statuses of somebody who is kept out; empty for who gets through."""
    if caller in KINDS[kind]:
        return set()
    if caller == "anonymous":
        return {401}
    return {403} if kind == "clinicians" and caller == "assistant" else {404}


@pytest.mark.parametrize("row", sorted(ROWS))
def test_who_gets_through(
    row: str, places: dict[str, object], callers: dict[str, APIClient]
) -> None:
    method, route = row.split(" ")
    for place, value in places.items():
        route = route.replace(place, str(value))
    statuses = {}
    with time_machine.travel(CHECK_IN_AT, tick=False):
        for caller, client in callers.items():
            statuses[caller] = client.generic(
                method, f"/{BASE}{route}", "{}", content_type="application/json"
            ).status_code
    for caller, status in statuses.items():
        kept_out = _expected(ROWS[row], caller)
        if kept_out:
            assert status in kept_out, (caller, statuses)
        elif "<uuid:client_id>" in row or "<uuid:device_id>" in row:
            assert status in {200, 204, 400}, (caller, statuses)
        else:
            assert status not in {401, 403, 404, 405}, (caller, statuses)
            assert status < 500, (caller, statuses)
