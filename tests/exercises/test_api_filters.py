"""Lists: what is not understood is refused, never ignored."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.alerts import open_alert
from exercises.models import Alert, CheckIn, Patient, SessionLog
from exercises.services import end_program
from hep.env import REPOSITORY
from tests import factories

pytestmark = pytest.mark.django_db
LISTS = ("alerts", "proposals", "reviews", "patients", "exercises", "templates")


def ids(api: APIClient, address: str) -> list[Any]:
    answer = api.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def filters(address: str) -> dict[str, dict[str, Any]]:
    """The parameters of a list, as the document has them."""
    schema = yaml.safe_load((REPOSITORY / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    found = schema["paths"][f"/api/v1/{address}/"]["get"]["parameters"]
    return {row["name"]: row["schema"] for row in found}


@pytest.mark.parametrize("address", LISTS)
def test_a_filter_without_a_value_is_refused(api: APIClient, address: str) -> None:
    for name in set(filters(address)) - {"cursor", "search"}:
        answer = api.get(f"/api/v1/{address}/?{name}=")
        assert answer.status_code == 400, name
        assert [row["field"] for row in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("address", LISTS)
def test_every_order_works_both_ways(api: APIClient, maria: Patient, address: str) -> None:
    factories.program(maria)
    choices = filters(address).get("ordering", {}).get("enum", [])
    for choice in choices:
        forwards = ids(api, f"{address}/?ordering={choice}")
        assert forwards or address in {"alerts", "proposals"}
    assert api.get(f"/api/v1/{address}/?ordering=phone").status_code == (400 if choices else 200)


@pytest.mark.parametrize(
    "asked",
    [
        "alerts/?open=yes", "alerts/?open=1", "alerts/?patient=5", "alerts/?opened_since=today",
        "reviews/?week=0.5", "reviews/?week=first", "reviews/?due_until=soon",
        "patients/?silent=perhaps", "patients/?clinic=bay", "patients/?page_size=0",
        "patients/?page_size=201", "patients/?program_status=lost",
    ],
)  # fmt: skip  # a list
def test_what_is_no_value_is_refused(api: APIClient, asked: str) -> None:
    answer = api.get(f"/api/v1/{asked}")
    name = re.search(r"\?(\w+)=", asked)
    assert name is not None
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == [name[1]]


def test_the_silent_and_the_others(api: APIClient, maria: Patient) -> None:
    program = factories.program(maria)
    heard = factories.PatientFactory.create(clinic=maria.clinic)
    alert = open_alert(patient=maria, program=program, reason="silent_3", now=timezone.now())
    assert ids(api, "patients/?silent=true") == [str(maria.pk)]
    assert ids(api, "patients/?silent=false") == [str(heard.pk)]
    Alert.objects.filter(pk=alert.pk).update(acknowledged_at=timezone.now())
    assert ids(api, "patients/?silent=true") == []


def test_patients_of_one_clinic(api: APIClient, maria: Patient) -> None:
    assert ids(api, f"patients/?clinic={maria.clinic_id}") == [str(maria.pk)]
    assert ids(api, f"patients/?clinic={maria.clinic_id + 1}") == []


def test_days_from_one_to_another(api: APIClient, maria: Patient) -> None:
    program = factories.program(maria)
    days = [program.start_date + timedelta(days=back) for back in range(4)]
    for day in days:
        CheckIn.objects.create(program=program, local_date=day, score=3, source="app")
        SessionLog.objects.create(
            program=program, local_date=day, kind="exercise", outcome="done", source="app",
            client_id=str(day),
        )  # fmt: skip  # a row
    for address in (f"patients/{maria.pk}/check-ins/", f"programs/{program.pk}/sessions/"):
        span = f"since={days[1]}&until={days[2]}"
        rows = api.get(f"/api/v1/{address}?{span}&ordering=local_date").json()["results"]
        assert [row["local_date"] for row in rows] == [str(days[1]), str(days[2])]


def test_programs_by_state(api: APIClient, maria: Patient) -> None:
    program = factories.program(maria)
    address = f"patients/{maria.pk}/programs/"
    assert ids(api, f"{address}?status=active") == [str(program.pk)]
    end_program(program=program)
    assert ids(api, f"{address}?status=active") == []
    assert ids(api, f"{address}?status=ended&since={program.start_date}") == [str(program.pk)]


def test_exercises_by_what_they_need(api: APIClient) -> None:
    factories.template()
    rows = api.get("/api/v1/exercises/?equipment=lacrosse-ball").json()["results"]
    assert "ball-rolling" in {row["slug"] for row in rows}
    assert all("lacrosse-ball" in row["equipment"] for row in rows)
    assert api.get("/api/v1/exercises/?equipment=nothing").json()["results"] == []


def test_a_byte_that_no_slug_has_is_no_template(api: APIClient, maria: Patient) -> None:
    body = {
        "template": "shin\0splints",
        "start_date": "2026-03-03",
        "side": "left",
        "schedules": [],
    }
    refused = api.post(f"/api/v1/patients/{maria.pk}/programs/", body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "template"
