"""Alerts, proposals, reviews, treatments and measures in the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import (
    Alert,
    Measure,
    Patient,
    Program,
    Proposal,
    Provider,
    Review,
    TreatmentSession,
    User,
)
from exercises.reads.versions import program_phases
from exercises.services.alerts import open_alert
from tests import factories
from tests.conftest import api_of
from tests.exercises.test_api import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun today."""
    return factories.program(maria, now=timezone.now())


@pytest.fixture
def alert(program: Program) -> Alert:
    """A red flag."""
    return open_alert(
        patient=program.patient, program=program, reason="red_flag", now=timezone.now()
    )


@pytest.fixture
def proposal(program: Program) -> Proposal:
    """Two minutes of rolling instead of three."""
    phases = [phase.model_dump(mode="json") for phase in program_phases(program)]
    phases[0]["items"][3]["minutes"] = 2
    return Proposal.objects.create(
        program=program, kind="regress", reasons=["Too sore."], changes=phases, version=1,
        local_date=program.start_date,
    )  # fmt: skip  # a row


@pytest.fixture
def review(program: Program) -> Review:
    """The first review."""
    found: Review = program.reviews.get(week=6)
    return found


class TestAlerts:
    """Listing and closing."""

    def test_open_ones_are_listed_and_closed_with_a_note(
        self, api: APIClient, alert: Alert
    ) -> None:
        listed = api.get("/api/v1/alerts/", {"open": "true"}).json()["results"]
        assert [(row["reason"], row["severity"]) for row in listed] == [("red_flag", "critical")]
        url = f"/api/v1/alerts/{alert.pk}/acknowledge/"
        assert problems(api.post(url, {})) == {"note": "required"}
        assert api.post(url, {"note": "Called her"}).json()["note"] == "Called her"
        again = api.post(url, {"note": "Me too"})
        assert (again.status_code, problems(again)) == (409, {"note": "closed"})
        assert api.get("/api/v1/alerts/", {"open": "true"}).json()["results"] == []

    def test_a_filter_tells_nothing_of_other_clinics(self, alert: Alert, bob: User) -> None:
        known = api_of(bob).get("/api/v1/alerts/", {"patient": str(alert.patient_id)})
        unknown = api_of(bob).get("/api/v1/alerts/", {"patient": str(uuid.uuid4())})
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


class TestProposals:
    """Deciding."""

    def test_one_is_accepted(self, api: APIClient, proposal: Proposal) -> None:
        [row] = api.get("/api/v1/proposals/", {"status": "open"}).json()["results"]
        assert row["changes"][0]["items"][3]["minutes"] == 2
        answer = api.post(f"/api/v1/proposals/{proposal.pk}/accept/", {})
        assert answer.json()["status"] == "accepted"
        assert proposal.program.versions.count() == 2

    def test_one_is_adapted(self, api: APIClient, proposal: Proposal) -> None:
        phases = [phase.model_dump(mode="json") for phase in program_phases(proposal.program)]
        answer = api.post(f"/api/v1/proposals/{proposal.pk}/accept/", {"phases": phases})
        assert answer.json()["status"] == "changed"

    def test_a_decline_says_why(self, api: APIClient, proposal: Proposal) -> None:
        url = f"/api/v1/proposals/{proposal.pk}/decline/"
        assert problems(api.post(url, {})) == {"note": "required"}
        assert api.post(url, {"note": "Not now"}).json()["status"] == "declined"
        refused = api.post(f"/api/v1/proposals/{proposal.pk}/accept/", {})
        assert (refused.status_code, problems(refused)) == (409, {"note": "decided"})


class TestReviews:
    """Closing."""

    def test_one_is_closed(self, api: APIClient, review: Review) -> None:
        rows = api.get("/api/v1/reviews/", {"open": "true"}).json()["results"]
        assert [row["week"] for row in rows] == [2, 4, 6, 12, 26]
        url = f"/api/v1/reviews/{review.pk}/complete/"
        assert list(problems(api.post(url, {"options": ["surgery"], "note": "x"}))) == ["options.0"]
        assert problems(api.post(url, {"options": ["taping"]})) == {"note": "required"}
        answer = api.post(url, {"options": ["taping"], "note": "Taped"})
        assert answer.json()["options"] == ["taping"]


class TestCare:
    """Treatments and measures."""

    def test_a_treatment_is_kept_once(self, api: APIClient, maria: Patient) -> None:
        url = f"/api/v1/patients/{maria.pk}/treatments/"
        form: dict[str, Any] = {"id": str(uuid.uuid4()), "modalities": ["ultrasound"]}
        form |= {"local_date": factories.timezone_today(), "sites": ["soleus"]}
        for change, field in (
            ({"modalities": []}, "modalities"),
            ({"modalities": ["leeches"]}, "modalities.0"),
            ({"adverse": "minor"}, "adverse_detail"),
            ({"local_date": "2999-01-01"}, "local_date"),
        ):
            refused = api.post(url, form | change)
            assert (refused.status_code, list(problems(refused))) == (400, [field])
        codes = [api.post(url, form).status_code for _ in range(2)]
        assert codes == [201, 201]
        assert TreatmentSession.objects.count() == 1

    def test_measures_are_kept(self, api: APIClient, program: Program) -> None:
        url = f"/api/v1/programs/{program.pk}/measures/"
        form: dict[str, Any] = {"local_date": factories.timezone_today()}
        scores = [{"activity": name, "score": 4} for name in ("walk", "run")]
        refused = api.post(url, form | {"instrument": "psfs", "activities": scores})
        assert problems(refused) == {"activities": "out_of_range"}
        scores.append({"activity": "stairs", "score": 7})
        assert api.post(url, form | {"instrument": "psfs", "activities": scores}).status_code == 201
        assert problems(api.post(url, form | {"instrument": "groc"})) == {"rating": "required"}
        api.post(url, form | {"instrument": "groc", "rating": -3})
        rows = api.get(url).json()["results"]
        assert {row["instrument"]: row["value"] for row in rows} == {
            "psfs": 5.0,
            "groc": -3.0,
        }
        assert Measure.objects.count() == 2


ACTIONS = [
    "alerts/{alert}/acknowledge/",
    "proposals/{proposal}/accept/",
    "proposals/{proposal}/decline/",
    "reviews/{review}/complete/",
    "patients/{patient}/treatments/",
    "programs/{program}/measures/",
]


@pytest.mark.parametrize("path", ACTIONS)
def test_strangers_find_nothing_and_assistants_decide_nothing(
    path: str, alert: Alert, proposal: Proposal, review: Review, alice: User, bob: User
) -> None:
    program = proposal.program
    url = "/api/v1/" + path.format(
        alert=alert.pk, proposal=proposal.pk, review=review.pk, program=program.pk,
        patient=program.patient_id,
    )  # fmt: skip  # a list
    assert api_of(bob).post(url, {"note": "x"}).status_code == 404
    Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
    assert api_of(alice).post(url, {"note": "x"}).status_code == 403


@pytest.mark.parametrize("reason", list(Alert.Reason.values))
@pytest.mark.parametrize("way", ["api", "admin"])
def test_assistants_answer_alerts_but_those_that_hold_exercises(
    program: Program, alice: User, reason: str, way: str
) -> None:
    """They call the patient; whether exercises go on is a clinician's word (promise 18)."""
    Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
    alert = open_alert(patient=program.patient, program=program, reason=reason, now=timezone.now())
    if way == "api":
        url = f"/api/v1/alerts/{alert.pk}/acknowledge/"
        answer = api_of(alice).post(url, {"note": "Called."})
        assert answer.status_code == (403 if reason in Alert.HOLDS else 200)
    else:
        client = Client()
        client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        page = client.post(f"/admin/exercises/alert/{alert.pk}/change/", {"note": "Called."})
        assert page.status_code == (200 if reason in Alert.HOLDS else 302)
        assert ("A clinician has to close" in page.content.decode()) == (reason in Alert.HOLDS)
    alert.refresh_from_db()
    assert (alert.acknowledged_at is None) == (reason in Alert.HOLDS)
