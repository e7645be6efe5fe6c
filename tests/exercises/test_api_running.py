"""What a clinic changes through the API: patients, running programs, and writes sent twice."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import DeviceToken, IdempotentRequest, Measure, Patient, Program, User
from notifications.models import ConsentEvent
from tests import factories
from tests.conftest import api_of, app_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


def test_a_patient_is_changed_and_texts_follow_the_clock(
    api: APIClient, maria: Patient, program: Program
) -> None:
    before = program.schedules.get().next_due_at
    answer = api.patch(f"/api/v1/patients/{maria.pk}/", {"time_zone": "America/Denver"})
    assert answer.json()["time_zone"] == "America/Denver"
    assert program.schedules.get().next_due_at != before


def test_another_phone_signs_out_who_came_in_with_the_old_one(
    api: APIClient, maria: Patient
) -> None:
    app_of(maria)
    DeviceToken.objects.create(user=User.objects.get(patient=maria))
    api.patch(f"/api/v1/patients/{maria.pk}/", {"last_name": "Lopez-Diaz"})
    assert DeviceToken.objects.exists()
    api.patch(f"/api/v1/patients/{maria.pk}/", {"phone": "+14155550188"})
    assert not DeviceToken.objects.exists()


def test_a_patient_stays_with_the_clinic(api: APIClient, alice: User, maria: Patient) -> None:
    second = factories.ProviderFactory.create(user=alice)
    change = {"clinic": second.clinic_id, "id": str(uuid.uuid4())}
    assert api.patch(f"/api/v1/patients/{maria.pk}/", change).status_code == 200
    assert Patient.objects.get().clinic_id == maria.clinic_id


def test_hours_still_need_the_patients_words(api: APIClient, maria: Patient) -> None:
    answer = api.patch(f"/api/v1/patients/{maria.pk}/", {"texts_from": "06:00"})
    assert answer.status_code == 400


def test_two_people_changing_a_patient_do_not_overwrite_each_other(
    api: APIClient, maria: Patient
) -> None:
    url = f"/api/v1/patients/{maria.pk}/"
    tag = api.get(url)["ETag"]
    codes = [
        api.patch(url, {"last_name": name}, headers={"if-match": tag}).status_code
        for name in ("Diaz", "Ruiz")
    ]
    maria.refresh_from_db()
    assert (codes, maria.last_name) == ([200, 412], "Diaz")


def test_patients_are_filtered_and_ordered(api: APIClient, program: Program) -> None:
    other = factories.PatientFactory.create(
        clinic=program.patient.clinic, last_name="Adams", language="es"
    )
    by_name = api.get("/api/v1/patients/?ordering=last_name").json()["results"]
    assert [row["last_name"] for row in by_name] == ["Adams", "Lopez"]
    active = api.get("/api/v1/patients/?program_status=active").json()["results"]
    assert [row["id"] for row in active] == [str(program.patient_id)]
    spanish = api.get("/api/v1/patients/?language=es").json()["results"]
    assert [row["id"] for row in spanish] == [str(other.pk)]
    assert api.get("/api/v1/patients/?program_status=lost").status_code == 400


def test_a_program_is_paused_resumed_and_ended_for_good(api: APIClient, program: Program) -> None:
    url = f"/api/v1/programs/{program.pk}/"
    statuses = [
        api.patch(url, {"status": status}).json()["status"]
        for status in ("paused", "active", "ended")
    ]
    assert statuses == ["paused", "active", "ended"]
    again = api.patch(url, {"status": "active"})
    assert (again.status_code, again.json()["code"]) == (409, "ended")


def test_a_program_that_moved_on_is_not_changed_unseen(api: APIClient, program: Program) -> None:
    url = f"/api/v1/programs/{program.pk}/"
    tag = api.get(url)["ETag"]
    api.patch(url, {"status": "paused"})
    late = api.patch(url, {"status": "ended"}, headers={"if-match": tag})
    assert late.status_code == 412
    assert api.get(url).json()["status"] == "paused"


def test_an_end_without_a_pause_is_refused(api: APIClient, program: Program) -> None:
    url = f"/api/v1/programs/{program.pk}/"
    for form in ({"until": "2030-01-01"}, {"until": "2030-01-01", "status": "active"}):
        refused = api.patch(url, form)
        assert (refused.status_code, refused.json()["code"]) == (400, "no_pause")
    assert api.patch(url, {}).json()["status"] == "active"


def test_the_course_is_told(api: APIClient, program: Program) -> None:
    course = api.get(f"/api/v1/programs/{program.pk}/course/").json()
    assert course["first_step"]["baseline"] is None
    assert {row["done"] for row in course["items"]} <= {0}


def test_the_library_is_searched_in_few_queries(
    alice: User, program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api = api_of(alice)
    with django_assert_num_queries(3):
        rows = api.get("/api/v1/exercises/?page_size=200").json()["results"]
    assert len(rows) > 20
    found = api.get("/api/v1/exercises/?search=splint").json()["results"]
    assert {text["language"] for text in found[0]["texts"]} == {"en", "es"}


class TestIdempotencyKey:
    """A write without an id of the client's own, sent twice."""

    FORM = {"how": "spoken", "words": "Is it fine to text you?"}  # noqa: RUF012  # a constant

    def send(self, api: APIClient, maria: Patient, key: str, **more: str) -> Any:
        url = f"/api/v1/patients/{maria.pk}/consent/"
        return api.post(url, self.FORM | more, headers={"idempotency-key": key})

    def test_it_happens_once_and_is_answered_twice(self, api: APIClient, maria: Patient) -> None:
        first, again = self.send(api, maria, "k1"), self.send(api, maria, "k1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again["Idempotency-Replayed"] == "true"
        assert ConsentEvent.objects.count() == 1
        self.send(api, maria, "k2")
        assert ConsentEvent.objects.count() == 2

    def test_the_key_of_another_request_is_refused(self, api: APIClient, maria: Patient) -> None:
        self.send(api, maria, "k1")
        other = self.send(api, maria, "k1", words="Another question")
        assert (other.status_code, other.json()["code"]) == (409, "key_reused")

    def test_a_refused_write_leaves_no_key(self, api: APIClient, maria: Patient) -> None:
        assert self.send(api, maria, "k1", how="by pigeon").status_code == 400
        assert not IdempotentRequest.objects.exists()
        assert self.send(api, maria, "k1").status_code == 201

    def test_keys_are_each_users_own(
        self, api: APIClient, maria: Patient, program: Program
    ) -> None:
        self.send(api, maria, "k1")
        colleague = factories.ProviderFactory.create(clinic=maria.clinic).user
        assert self.send(api_of(colleague), maria, "k1").status_code == 201
        assert ConsentEvent.objects.filter(how="spoken").count() == 2

    @pytest.mark.parametrize("key", ["", "k" * 81])
    def test_a_key_has_a_length(self, api: APIClient, program: Program, key: str) -> None:
        answer = api.post(
            f"/api/v1/programs/{program.pk}/measures/", {}, headers={"idempotency-key": key}
        )
        assert answer.status_code == 400
        assert not Measure.objects.exists()
