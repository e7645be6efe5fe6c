"""Lists: what is not understood is refused, never ignored."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import Alert, CheckIn, Patient, SessionLog
from exercises.services import end_program
from exercises.services.alerts import open_alert
from tests import factories
from tests.openapi import document

pytestmark = pytest.mark.django_db
LISTS = ("alerts", "proposals", "reviews", "patients", "exercises", "templates")


def ids(api: APIClient, address: str) -> list[Any]:
    answer = api.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def problem(answer: Any) -> tuple[str, str]:
    """The only field that a request was refused for, and the code."""
    assert answer.status_code == 400, answer.content
    (row,) = answer.json()["errors"]
    return row["field"], row["code"]


def filters(address: str) -> dict[str, dict[str, Any]]:
    """The parameters of a list, as the document has them."""
    found = document()["paths"][f"/api/v1/{address}/"]["get"]["parameters"]
    return {row["name"]: row["schema"] for row in found}


@pytest.mark.parametrize("address", LISTS)
def test_a_filter_without_a_value_is_refused(api: APIClient, address: str) -> None:
    for name in set(filters(address)) - {"cursor", "search"}:
        answer = api.get(f"/api/v1/{address}/?{name}=")
        assert answer.status_code == 400, name
        assert [row["field"] for row in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("address", LISTS)
def test_a_misspelt_filter_is_refused(api: APIClient, address: str) -> None:
    for name in ("patientt", "sort", "ordering" if "ordering" not in filters(address) else "order"):
        answer = api.get(f"/api/v1/{address}/?{name}=x")
        assert problem(answer) == (name, "no_such_filter")


@pytest.mark.parametrize("address", [name for name in LISTS if "ordering" in filters(name)])
def test_every_order_goes_through_all_pages(api: APIClient, maria: Patient, address: str) -> None:
    factories.crowd(maria.clinic, 7)
    for number, row in enumerate(Patient.objects.all()):
        Patient.objects.filter(pk=row.pk).update(
            created_at=row.created_at - timedelta(days=number % 3), last_name=f"L{number % 4}"
        )
    for choice in filters(address)["ordering"]["enum"]:
        found, page = [], f"/api/v1/{address}/?ordering={choice}&page_size=2"
        while page:
            answer = api.get(page).json()
            found += answer["results"]
            page = answer["next"]
        values = [row[choice.lstrip("-")] for row in found]
        assert len({row["id"] for row in found}) == len(found) >= 7
        assert values == sorted(values, reverse=choice.startswith("-"))


def test_a_cursor_belongs_to_its_order(api: APIClient, maria: Patient) -> None:
    factories.crowd(maria.clinic, 7)
    following = api.get("/api/v1/patients/?ordering=last_name&page_size=2").json()["next"]
    for other in ("ordering=created_at", "ordering=-last_name", "ordering=first_name"):
        answer = api.get(following.replace("ordering=last_name", other))
        assert problem(answer) == ("cursor", "other_list")
    forged = "-created_at." + b64encode(b"p=yesterday").decode()
    assert problem(api.get(f"/api/v1/patients/?cursor={forged}")) == ("cursor", "other_list")


def test_more_than_a_thousand_equal_rows_come_to_an_end(api: APIClient, maria: Patient) -> None:
    Patient.objects.bulk_create(
        Patient(clinic=maria.clinic, first_name=str(n), last_name="Lee", phone="+14155550100",
                time_zone="UTC")
        for n in range(1300)
    )  # fmt: skip  # rows
    page, seen = "/api/v1/patients/?ordering=last_name&page_size=200", 0
    while page and seen < 2000:
        answer = api.get(page).json()
        seen, page = seen + len(answer["results"]), answer["next"]
    assert seen == Patient.objects.count()


@pytest.mark.parametrize(
    "asked",
    [
        "alerts/?open=yes", "alerts/?open=1", "alerts/?patient=5", "alerts/?opened_since=today",
        "alerts/?opened_since=2026-03-01", "alerts/?opened_since=2026-03-01T08:00:00",
        "reviews/?due_until=03/04/2026", "reviews/?due_until=Oct 25 2006",
        "reviews/?week=0.5", "reviews/?week=first", "reviews/?due_until=soon",
        "patients/?silent=perhaps", "patients/?clinic=bay", "patients/?page_size=0",
        "patients/?page_size=201", "patients/?program_status=lost",
    ],
)  # fmt: skip  # a list
def test_what_is_no_value_is_refused(api: APIClient, asked: str) -> None:
    name = re.search(r"\?(\w+)=", asked)
    assert name is not None
    assert problem(api.get(f"/api/v1/{asked}"))[0] == name[1]


def test_a_moment_has_its_zone(api: APIClient, maria: Patient) -> None:
    now = timezone.now()
    open_alert(patient=maria, program=None, reason="harm", now=now)
    for moment, found in ((now - timedelta(hours=1), 1), (now + timedelta(hours=1), 0)):
        told = moment.isoformat().replace("+", "%2B")
        assert len(ids(api, f"alerts/?opened_since={told}")) == found


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


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (
            "0110-07-26T11:08:15.955%2B19:44",
            200,
        ),  # no zone of this world, and a fault of PostgreSQL's
        ("2026-03-01T08:00:00-23:59", 200),
        ("0001-01-01T00:00:00%2B23:59", 400),
        ("9999-12-31T23:59:59-23:59", 400),
        ("2026-03-01T08:00:00%2B24:00", 400),
    ],
)
def test_a_moment_of_any_zone_is_answered(api: APIClient, moment: str, status: int) -> None:
    assert api.get(f"/api/v1/alerts/?opened_since={moment}").status_code == status
