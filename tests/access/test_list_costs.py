"""Every list of the API costs the same for ten rows and more than a page; one without a row here fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import (
    CheckIn,
    DeviceToken,
    Exercise,
    Measure,
    PageLink,
    Patient,
    Program,
    ProgramTemplate,
    ProgramVersion,
    Schedule,
    SessionLog,
    TemplateItem,
    TemplatePhase,
    TreatmentSession,
    User,
)
from notifications.models import ConsentEvent, PhoneConsent
from tests import factories
from tests.conftest import app_of
from tests.factories import CHECK_IN_AT
from tests.openapi import document

pytestmark = pytest.mark.django_db
# More than fit on a page.
FEW, MANY = 10, 250
PAGE = 200
# Who may see it, the rows, and what hangs on them.
MOST_QUERIES = 4
Fill = Callable[[Program, Iterable[int]], None]


def lists() -> list[str]:
    """The addresses of all lists, as the document has them."""
    return [
        path
        for path, operations in document()["paths"].items()
        if any(
            row["name"] == "page_size" for row in operations.get("get", {}).get("parameters", ())
        )
    ]


def rows(model: type[Model], make: Callable[[Program, int], dict[str, Any]]) -> Fill:
    """A filler that writes in bulk, without the services."""

    def fill(program: Program, numbers: Iterable[int]) -> None:
        manager: Any = model._default_manager
        manager.bulk_create(model(**make(program, number)) for number in numbers)

    return fill


def crowd(program: Program, numbers: Iterable[int]) -> None:
    """Patients with an alert, a proposal and a review each, once for all of them."""
    factories.crowd(program.patient.clinic, len(list(numbers)))


def devices(program: Program, numbers: Iterable[int]) -> None:
    """Alice's devices."""
    user = User.objects.get(email="alice@example.org")
    for _ in numbers:
        DeviceToken.objects.create(user=user)


def consents(program: Program, numbers: Iterable[int]) -> None:
    """Changes of consent of Maria's phone."""
    consent = PhoneConsent.objects.get(phone=str(program.patient.phone))
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            consent=consent,
            patient=program.patient,
            state="granted",
            how="paper",
            words="x",
            created_at=timezone.now(),
        )
        for _ in numbers
    )


def templates(program: Program, numbers: Iterable[int]) -> None:
    """The clinic's own, each with a phase and an item."""
    exercise = Exercise.objects.all()[0]
    clinic = program.patient.clinic
    own = ProgramTemplate.objects.bulk_create(
        ProgramTemplate(clinic=clinic, slug=f"own-{number}", name="Own") for number in numbers
    )
    phases = TemplatePhase.objects.bulk_create(
        TemplatePhase(template=row, number=1, name="Calm", first_week=1) for row in own
    )
    TemplateItem.objects.bulk_create(
        TemplateItem(phase=phase, exercise=exercise, position=1) for phase in phases
    )


def day(program: Program, number: int) -> dict[str, Any]:
    return {"program": program, "local_date": program.start_date - timedelta(days=number)}


scores = rows(CheckIn, lambda p, n: day(p, n) | {"score": 3, "source": "app"})
logs = rows(
    SessionLog,
    lambda p, n: (
        day(p, n)
        | {
            "kind": "exercise",
            "outcome": "done",
            "source": "app",
            "client_id": str(n),
            "exercise_id": Exercise.objects.values_list("pk", flat=True)[0],
        }
    ),
)
FILLED: dict[str, Fill] = {
    "alerts/": crowd,
    "proposals/": crowd,
    "reviews/": crowd,
    "patients/": crowd,
    "auth/devices/": devices,
    "exercises/": rows(
        Exercise, lambda p, n: {"clinic": p.patient.clinic, "slug": f"own-{n}", "name": f"Own {n}"}
    ),
    "templates/": templates,
    "me/check-ins/": scores,
    "me/sessions/": logs,
    "me/schedules/": rows(
        Schedule,
        lambda p, n: {
            "program": p,
            "kind": "exercise",
            "local_times": ["18:00"],
            "starts_on": p.start_date,
        },
    ),
    "patients/{patient_id}/check-ins/": scores,
    "patients/{patient_id}/consent/": consents,
    "patients/{patient_id}/page-links/": rows(
        PageLink,
        lambda p, n: {
            "patient": p.patient,
            "digest": f"{n}",
            "phone": "+14155550111",
            "made_for": "patient",
            "created_at": CHECK_IN_AT + timedelta(minutes=n),
            "expires_at": CHECK_IN_AT,
        },
    ),
    "patients/{patient_id}/programs/": rows(
        Program,
        lambda p, n: {
            "patient": p.patient,
            "template": p.template,
            "name": "Before",
            "side": "left",
            "start_date": p.start_date,
            "status": "ended",
        },
    ),
    "patients/{patient_id}/treatments/": rows(
        TreatmentSession,
        lambda p, n: {
            "patient": p.patient,
            "local_date": p.start_date,
            "modalities": ["ultrasound"],
        },
    ),
    "programs/{program_id}/measures/": rows(
        Measure, lambda p, n: day(p, n) | {"instrument": "groc", "value": 1}
    ),
    "programs/{program_id}/sessions/": logs,
    "programs/{program_id}/versions/": rows(
        ProgramVersion,
        lambda p, n: {"program": p, "number": n + 2, "from_date": p.start_date, "reason": "x"},
    ),
}


@pytest.mark.parametrize("path", lists())
def test_it_costs_the_same_for_ten_rows_and_more_than_a_page(
    path: str, api: APIClient, maria: Patient
) -> None:
    route = path.removeprefix("/api/v1/")
    program = factories.program(maria)
    factories.consent_of(maria)
    client = app_of(maria) if route.startswith("me/") else api
    address = path.format(patient_id=maria.pk, program_id=program.pk)
    found = {}
    for begin, end in ((0, FEW), (FEW, MANY)):
        FILLED[route](program, range(begin, end))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"{address}?page_size={PAGE}")
        assert answer.status_code == 200, answer.content
        assert len(answer.json()["results"]) >= min(PAGE, end)
        found[end] = len(captured)
    assert found[FEW] == found[MANY] <= MOST_QUERIES, found
