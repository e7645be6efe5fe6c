"""The API for providers."""

from __future__ import annotations

import gzip
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from exercises.models import Clinic, DeviceToken, Patient, Program, Provider, User
from exercises.services import record_check_in
from hep.env import REPOSITORY
from tests import factories
from tests.factories import PASSWORD, TODAY

pytestmark = pytest.mark.django_db

PATIENT = {
    "first_name": "Maria",
    "last_name": "Lopez",
    "phone": "+14155550111",
    "time_zone": "America/New_York",
}


def problems(response: Any) -> dict[str, str]:
    """Code by field of a refused request."""
    assert response["Content-Type"] == "application/problem+json"
    return {problem["field"]: problem["code"] for problem in response.json()["errors"]}


class TestLogin:
    """E-mail and password for a token."""

    def login(self, email: str, password: str) -> Any:
        return APIClient().post(
            "/api/v1/auth/login/", {"email": email, "password": password}, format="json"
        )

    def test_a_token_opens_the_api(self, alice: User) -> None:
        token = self.login("alice@example.org", PASSWORD).json()["token"]
        client = APIClient(headers={"authorization": f"Token {token}"})
        assert client.get("/api/v1/patients/").status_code == 200

    def test_the_case_of_the_address_does_not_matter(self, alice: User) -> None:
        assert self.login("Alice@Example.org", PASSWORD).status_code == 200

    @pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
    def test_a_wrong_password_and_an_unknown_address_look_the_same(
        self, alice: User, email: str
    ) -> None:
        response = self.login(email, "wrong")
        assert response.status_code == 401
        assert response.json()["title"] == "E-mail or password is wrong."

    def test_the_eleventh_try_in_a_minute_has_to_wait(self, alice: User) -> None:
        answers = [self.login("alice@example.org", PASSWORD).status_code for _ in range(10)]
        refused = self.login("alice@example.org", PASSWORD)
        assert answers == [200] * 10
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0

    def test_an_inactive_account_is_refused(self, alice: User) -> None:
        alice.is_active = False
        alice.save()
        assert self.login("alice@example.org", PASSWORD).status_code == 401

    def test_the_token_is_kept_as_a_digest(self, alice: User) -> None:
        token = self.login("alice@example.org", PASSWORD).json()["token"]
        assert token not in DeviceToken.objects.values_list("digest", flat=True)


class TestPatients:
    """Creating and listing."""

    def test_a_patient_is_created_in_the_only_clinic(self, api: APIClient, clinic: Clinic) -> None:
        response = api.post("/api/v1/patients/", PATIENT)
        assert response.status_code == 201
        assert response.json()["phone"] == "+14155550111"
        assert Patient.objects.get().clinic == clinic

    def test_a_repeated_client_id_is_one_patient(self, api: APIClient) -> None:
        form = PATIENT | {"id": str(uuid.uuid4())}
        codes = [api.post("/api/v1/patients/", form).status_code for _ in range(2)]
        assert codes == [201, 200]
        assert Patient.objects.count() == 1

    def test_a_client_id_of_another_clinic_is_a_conflict(self, api: APIClient) -> None:
        stranger = factories.PatientFactory.create()
        response = api.post("/api/v1/patients/", PATIENT | {"id": str(stranger.pk)})
        assert (response.status_code, problems(response)) == (409, {"id": "id_taken"})

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("phone", "12", "invalid"),
            ("phone", "call me", "invalid"),
            ("phone", None, "null"),
            ("time_zone", "Mars/Olympus", "unknown_time_zone"),
            ("time_zone", "EST5EDT", "unknown_time_zone"),
            ("language", "tlh", "invalid_choice"),
            ("first_name", "", "blank"),
            ("clinic", 999_999, "does_not_exist"),
            ("texts_from", "07:00", "both_hours"),
        ],
    )
    def test_bad_input_names_the_field(
        self, api: APIClient, field: str, value: object, code: str
    ) -> None:
        response = api.post("/api/v1/patients/", PATIENT | {field: value})
        assert response.status_code == 400
        assert list(problems(response).values()) == [code]
        assert not Patient.objects.exists()

    def test_other_hours_need_the_patients_words(self, api: APIClient) -> None:
        hours = {"texts_from": "06:00", "texts_until": "22:00"}
        response = api.post("/api/v1/patients/", PATIENT | hours)
        assert problems(response) == {"texts_hours_asked": "asked_hours"}
        asked = hours | {"texts_hours_asked": "I get up at five"}
        assert api.post("/api/v1/patients/", PATIENT | asked).status_code == 201

    def test_malformed_json_is_named(self, api: APIClient) -> None:
        response = api.post("/api/v1/patients/", b'{"a', content_type="application/json")
        assert (response.status_code, problems(response)) == (400, {"body": "parse_error"})

    def test_somebody_at_two_clinics_says_which(self, api: APIClient, alice: User) -> None:
        second = factories.ProviderFactory.create(user=alice)
        response = api.post("/api/v1/patients/", PATIENT)
        assert problems(response) == {"clinic": "required"}
        created = api.post("/api/v1/patients/", PATIENT | {"clinic": second.clinic_id})
        assert created.status_code == 201


class TestPrograms:
    """Assigning."""

    @pytest.fixture
    def form(self) -> dict[str, Any]:
        factories.template()
        return {
            "template": "plantar-fasciitis",
            "start_date": factories.local_today().isoformat(),
            "side": "left",
            "schedules": [{"kind": "check_in", "local_time": "08:30"}],
        }

    def test_a_program_is_assigned(
        self, api: APIClient, maria: Patient, form: dict[str, Any]
    ) -> None:
        response = api.post(f"/api/v1/patients/{maria.pk}/programs/", form)
        assert response.status_code == 201
        body = response.json()
        assert body["status"] == "active"
        assert body["schedules"][0]["local_time"] == "08:30"
        assert body["schedules"][0]["next_due_at"]
        listed = api.get(f"/api/v1/patients/{maria.pk}/programs/").json()["results"]
        assert [row["id"] for row in listed] == [body["id"]]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"template": "no-such-thing"}, "template"),
            ({"start_date": "2062-01-01"}, "start_date"),
            ({"start_date": "yesterday"}, "start_date"),
            ({"side": "middle"}, "side"),
            ({"schedules": "often"}, "schedules"),
            ({"schedules": [{"kind": "check_in"}]}, "schedules.0.local_time"),
            ({"schedules": [{"kind": "check_in", "local_time": "25:00"}]}, "schedules.0.local_time"),
            ({"schedules": [{"kind": "check_in", "local_time": "03:00"}]}, "schedules.0.local_time"),
            ({"schedules": [{"kind": "call", "local_time": "09:00"}]}, "schedules.0.kind"),
        ],
    )  # fmt: skip  # one case a line reads as a table
    def test_bad_input_names_the_field_and_leaves_nothing(
        self,
        api: APIClient,
        maria: Patient,
        form: dict[str, Any],
        change: dict[str, Any],
        field: str,
    ) -> None:
        response = api.post(f"/api/v1/patients/{maria.pk}/programs/", form | change)
        assert response.status_code == 400
        assert list(problems(response)) == [field]
        assert not Program.objects.exists()

    def test_a_second_open_program_is_a_conflict(
        self, api: APIClient, maria: Patient, form: dict[str, Any]
    ) -> None:
        api.post(f"/api/v1/patients/{maria.pk}/programs/", form)
        again = api.post(f"/api/v1/patients/{maria.pk}/programs/", form)
        assert (again.status_code, problems(again)) == (409, {"template": "already_assigned"})

    def test_a_template_of_another_clinic_does_not_exist(
        self, api: APIClient, maria: Patient, bob: User, form: dict[str, Any]
    ) -> None:
        template = factories.template()
        template.pk, template.slug = None, "bobs-own"
        template.clinic = Provider.objects.get(user=bob).clinic
        template.save()
        response = api.post(
            f"/api/v1/patients/{maria.pk}/programs/", form | {"template": "bobs-own"}
        )
        assert problems(response) == {"template": "does_not_exist"}


def test_check_ins_are_listed_newest_first(api: APIClient, maria: Patient) -> None:
    program = factories.program(maria)
    for day, score in enumerate([7, 6, 4]):
        record_check_in(
            program=program,
            local_date=TODAY.replace(day=3 + day),
            score=score,
            source="sms",
            client_id=str(day),
            now=factories.CHECK_IN_AT,
        )
    rows = api.get(f"/api/v1/patients/{maria.pk}/check-ins/").json()["results"]
    assert [(row["score"], row["source"]) for row in rows] == [(4, "sms"), (6, "sms"), (7, "sms")]


def test_consent_is_recorded_with_its_words(api: APIClient, maria: Patient) -> None:
    form = {"how": "spoken", "words": "Is it fine to text you?", "words_version": "1"}
    assert api.post(f"/api/v1/patients/{maria.pk}/consent/", form).status_code == 201
    rows = api.get(f"/api/v1/patients/{maria.pk}/consent/").json()["results"]
    assert [(row["state"], row["how"]) for row in rows] == [("granted", "spoken")]


@pytest.mark.parametrize(
    ("form", "field"),
    [({"how": "paper"}, "words"), ({"words": "yes"}, "how"), ({"how": "sms", "words": "x"}, "how")],
)
def test_consent_without_words_or_way_is_refused(
    api: APIClient, maria: Patient, form: dict[str, str], field: str
) -> None:
    response = api.post(f"/api/v1/patients/{maria.pk}/consent/", form)
    assert list(problems(response)) == [field]


def test_pages_follow_each_other(api: APIClient, clinic: Clinic) -> None:
    factories.PatientFactory.create_batch(5, clinic=clinic)
    first = api.get("/api/v1/patients/?page_size=3").json()
    second = api.get(first["next"]).json()
    seen = {row["id"] for page in (first, second) for row in page["results"]}
    assert len(seen) == 5
    assert second["next"] is None


def test_the_schema_and_its_page_are_served() -> None:
    schema = Client().get("/api/schema/", headers={"accept": "application/json"})
    assert schema.status_code == 200
    assert schema.json()["openapi"].startswith("3.1")
    assert Client().get("/api/docs/").status_code == 200


def test_the_committed_schema_is_current_and_free_of_warnings(tmp_path: Path) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(written), fail_on_warn=True, validate=True)
    committed = REPOSITORY / "docs/openapi.yaml"
    assert written.read_text() == committed.read_text(), "run: make schema"


def test_an_answer_carries_the_callers_request_id(api: APIClient) -> None:
    mine = api.get("/api/v1/patients/", headers={"x-request-id": "call-7"})
    forged = api.get("/api/v1/patients/", headers={"x-request-id": "a b\tc"})
    assert mine["X-Request-Id"] == "call-7"
    assert len(forged["X-Request-Id"]) == 32


def test_apps_of_named_origins_may_call_from_a_browser(clinic: Clinic, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    answers = [
        Client().options(
            "/api/v1/me/",
            headers={
                "origin": origin,
                "access-control-request-method": "GET",
                "access-control-request-headers": "authorization, if-match",
            },
        )
        for origin in ("https://app.example.org", "https://elsewhere.example.org")
    ]
    allowed = [answer.get("Access-Control-Allow-Origin") for answer in answers]
    assert allowed == ["https://app.example.org", None]
    assert "if-match" in answers[0]["Access-Control-Allow-Headers"]


def test_an_answer_is_compressed_for_who_asks_for_it(api: APIClient, clinic: Clinic) -> None:
    factories.PatientFactory.create_batch(5, clinic=clinic)
    plain = api.get("/api/v1/patients/")
    small = api.get("/api/v1/patients/", headers={"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content


def test_nobody_is_kept_out_when_redis_is_away(api: APIClient, settings: Settings) -> None:
    cache = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": cache}
    assert api.get("/api/v1/patients/").status_code == 200
