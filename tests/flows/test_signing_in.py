"""Patients sign in with a code by text; nobody learns whose phone is known."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import Clinic, DeviceToken, Patient, SignInCode, User
from hep.names import account_name
from notifications.models import OutboundMessage, PhoneConsent
from notifications.outgoing import sending, sign_in_texts
from tests import factories
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db
NOBODYS = "+14155550190"
NOW = datetime.fromisoformat("2026-03-03T04:00:00+00:00")  # eleven at night in New York


def ask(phone: str) -> Any:
    return APIClient().post("/api/v1/auth/otp/", {"phone": phone})


def verify(phone: str, code: str, **more: object) -> Any:
    form = {"phone": phone, "code": code, **more}
    return APIClient().post("/api/v1/auth/otp/verify/", form)


def code_for(phone: str) -> str:
    ask(phone)
    sign_in_texts.text_codes(now=timezone.now())
    return SignInCode.objects.filter(phone=phone).latest("created_at").code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def client_of(token: str) -> APIClient:
    return APIClient(headers={"authorization": f"Token {token}"})


@pytest.mark.django_db(transaction=True)
def test_a_patient_signs_in_from_the_phone(maria: Patient, simulator: SimulatedTwilio) -> None:
    phone = str(maria.phone)
    assert ask(phone).status_code == 202
    assert sign_in_texts.text_codes(now=timezone.now()) == 1
    assert sign_in_texts.text_codes(now=timezone.now()) == 0
    sending.send_waiting(clock=timezone.now)
    (body,) = simulator.texts_to(phone)
    (code,) = re.findall(r"\b\d{6}\b", body)
    signed_in = verify(phone, code, device="Maria's phone")
    assert signed_in.status_code == 200
    me = client_of(signed_in.json()["token"]).get("/api/v1/me/").json()
    assert (me["id"], me["first_name"]) == (str(maria.pk), "Maria")
    # The clinic sees that a code was texted, not which.
    kept = OutboundMessage.objects.get(kind="code")
    assert code not in kept.body
    assert "######" in kept.body


@pytest.mark.django_db(transaction=True)
def test_a_code_is_texted_at_night_and_not_after_stop(maria: Patient) -> None:
    phone = str(maria.phone)
    with time_machine.travel(NOW, tick=False):
        ask(phone)
        sign_in_texts.text_codes(now=NOW)
    assert OutboundMessage.objects.get(kind="code").status == "waiting"
    PhoneConsent.objects.create(phone=phone, clinic=maria.clinic, state="revoked")
    sending.send_waiting(clock=lambda: NOW + timedelta(seconds=1))
    assert OutboundMessage.objects.get(kind="code").skip_reason == "opted_out"


@pytest.mark.django_db(transaction=True)
def test_a_code_that_waited_too_long_is_not_texted(maria: Patient) -> None:
    with time_machine.travel(NOW, tick=False):
        ask(str(maria.phone))
        sign_in_texts.text_codes(now=NOW)
    sending.send_waiting(clock=lambda: NOW + timedelta(minutes=10))
    assert OutboundMessage.objects.get(kind="code").skip_reason == "stale"


def test_asking_looks_the_same_for_every_phone(maria: Patient) -> None:
    answers, queries = [], []
    for phone in (str(maria.phone), NOBODYS):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answers.append(ask(phone))
        queries.append([row["sql"].split(" ")[0] for row in captured.captured_queries])
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    # The same statements take the same time: who has the phone is looked up later, by a task.
    assert queries[0] == queries[1]
    sign_in_texts.text_codes(now=timezone.now())
    assert list(OutboundMessage.objects.values_list("to_phone", flat=True)) == [str(maria.phone)]


def test_codes_for_one_phone_are_paced_in_silence(maria: Patient) -> None:
    assert [ask(str(maria.phone)).status_code for _ in range(5)] == [202] * 5
    assert SignInCode.objects.count() == 1


def test_the_eleventh_request_in_a_minute_from_one_address_has_to_wait(maria: Patient) -> None:
    with time_machine.travel(NOW, tick=False):
        answers = [ask(phone) for phone in [str(maria.phone), NOBODYS] * 50]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429] * 90
    assert len({answer.content for answer in answers[10:]}) == 1
    assert int(answers[-1]["Retry-After"]) > 0


class TestRefusals:
    """Each looks the same, and the same as for a phone that nobody has."""

    def refused(self, answer: Any) -> None:
        stranger = verify(NOBODYS, "000000")
        assert (answer.status_code, answer.content) == (400, stranger.content)
        assert answer.json()["code"] == "refused"
        assert not DeviceToken.objects.exists()

    def test_a_wrong_code(self, maria: Patient) -> None:
        self.refused(verify(str(maria.phone), wrong(code_for(str(maria.phone)))))

    def test_the_sixth_try(self, maria: Patient) -> None:
        code = code_for(str(maria.phone))
        for _ in range(5):
            verify(str(maria.phone), wrong(code))
        self.refused(verify(str(maria.phone), code))

    def test_the_fifth_try_still_counts(self, maria: Patient) -> None:
        code = code_for(str(maria.phone))
        for _ in range(4):
            verify(str(maria.phone), wrong(code))
        assert verify(str(maria.phone), code).status_code == 200

    @pytest.mark.parametrize(("later", "status"), [(599, 200), (600, 400)])
    def test_an_expired_code(self, maria: Patient, later: int, status: int) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            code = code_for(str(maria.phone))
            clock.shift(later)
            answer = verify(str(maria.phone), code)
        assert answer.status_code == status

    def test_a_used_code(self, maria: Patient) -> None:
        code = code_for(str(maria.phone))
        assert verify(str(maria.phone), code).status_code == 200
        DeviceToken.objects.all().delete()
        self.refused(verify(str(maria.phone), code))

    def test_a_code_for_another_phone(self, maria: Patient) -> None:
        other = factories.PatientFactory.create()
        self.refused(verify(str(maria.phone), code_for(str(other.phone))))

    def test_the_right_code_for_a_phone_that_nobody_has(self) -> None:
        self.refused(verify(NOBODYS, code_for(NOBODYS)))

    def test_a_refusal_costs_the_same_for_every_phone(self, maria: Patient) -> None:
        code = code_for(str(maria.phone))
        counts = []
        for phone in (str(maria.phone), NOBODYS):
            with CaptureQueriesContext(connection) as captured:
                verify(phone, wrong(code))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestSharedPhones:
    """The birth year tells who it is."""

    @pytest.fixture
    def tom(self, maria: Patient) -> Patient:
        maria.birth_year = 1970
        maria.save()
        tom: Patient = factories.PatientFactory.create(
            clinic=maria.clinic, first_name="Tom", phone=maria.phone, birth_year=1968
        )
        return tom

    def test_the_birth_year_is_asked_for_and_chooses(self, maria: Patient, tom: Patient) -> None:
        code = code_for(str(maria.phone))
        asked = verify(str(maria.phone), code)
        assert (asked.status_code, asked.json()["errors"][0]["field"]) == (400, "birth_year")
        assert asked.json()["code"] == "required"
        assert verify(str(maria.phone), code, birth_year=1968).json()["first_name"] == "Tom"

    def test_only_who_has_the_code_is_asked(self, maria: Patient, tom: Patient) -> None:
        answer = verify(str(maria.phone), wrong(code_for(str(maria.phone))))
        assert answer.json()["code"] == "refused"

    def test_a_wrong_birth_year_uses_up_a_try(self, maria: Patient, tom: Patient) -> None:
        code = code_for(str(maria.phone))
        tries = [verify(str(maria.phone), code, birth_year=1900 + n).json() for n in range(5)]
        assert {answer["errors"][0]["field"] for answer in tries} == {"birth_year"}
        assert verify(str(maria.phone), code, birth_year=1970).status_code == 400

    def test_the_same_birth_year_takes_the_name_too(self, maria: Patient, tom: Patient) -> None:
        Patient.objects.update(birth_year=1970)
        code = code_for(str(maria.phone))
        asked = verify(str(maria.phone), code, birth_year=1970).json()
        assert asked["errors"][0]["field"] == "first_name"
        named = verify(str(maria.phone), code, birth_year=1970, first_name="TOM")
        assert named.json()["patient"] == str(tom.pk)


class TestDevices:
    """Each device has its own token."""

    def sign_in(self, patient: Patient, device: str) -> APIClient:
        SignInCode.objects.all().delete()
        answer = verify(str(patient.phone), code_for(str(patient.phone)), device=device)
        return client_of(answer.json()["token"])

    def test_they_are_listed_and_revoked(self, maria: Patient) -> None:
        phone, tablet = self.sign_in(maria, "phone"), self.sign_in(maria, "tablet")
        rows = phone.get("/api/v1/auth/devices/").json()["results"]
        assert {(row["name"], row["this_one"]) for row in rows} == {
            ("phone", True),
            ("tablet", False),
        }
        other = next(row["id"] for row in rows if not row["this_one"])
        assert phone.delete(f"/api/v1/auth/devices/{other}/").status_code == 204
        assert tablet.get("/api/v1/me/").status_code == 401
        assert phone.get("/api/v1/me/").status_code == 200

    def test_another_patients_device_does_not_exist(self, maria: Patient) -> None:
        mine = self.sign_in(maria, "phone")
        theirs = self.sign_in(factories.PatientFactory.create(), "phone")
        other = theirs.get("/api/v1/auth/devices/").json()["results"][0]["id"]
        assert mine.delete(f"/api/v1/auth/devices/{other}/").status_code == 404
        assert theirs.get("/api/v1/me/").status_code == 200

    def test_signing_out_here_and_everywhere(self, maria: Patient) -> None:
        one, two, three = (self.sign_in(maria, name) for name in "abc")
        assert one.post("/api/v1/auth/logout/").status_code == 204
        assert [client.get("/api/v1/me/").status_code for client in (one, two)] == [401, 200]
        assert two.post("/api/v1/auth/logout-everywhere/").status_code == 204
        assert [client.get("/api/v1/me/").status_code for client in (two, three)] == [401, 401]

    def test_signing_out_everywhere_ends_browser_sessions(self, alice: User) -> None:
        browser = APIClient()
        browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        assert browser.get("/api/v1/patients/").status_code == 200
        other = APIClient()
        other.force_authenticate(alice)
        other.post("/api/v1/auth/logout-everywhere/")
        assert browser.get("/api/v1/patients/").status_code == 401

    def test_a_token_slides_with_use_and_ends_without(self, maria: Patient) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            client = self.sign_in(maria, "phone")
            clock.shift(timedelta(days=59))
            assert client.get("/api/v1/me/").status_code == 200
            clock.shift(timedelta(days=59))
            assert client.get("/api/v1/me/").status_code == 200
            clock.shift(timedelta(days=60))
            assert client.get("/api/v1/me/").status_code == 401

    @pytest.mark.parametrize("token", ["", "x", "é", "a b", "0" * 64])
    def test_nonsense_is_no_token(self, db: None, token: str) -> None:
        answer = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {token}")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")

    def test_a_push_token_is_kept_and_forgotten(self, maria: Patient) -> None:
        client = self.sign_in(maria, "phone")
        form = {"token": "abc", "platform": "fcm"}
        assert client.put("/api/v1/me/push-token/", form).status_code == 204
        assert DeviceToken.objects.get().push_token == "abc"
        assert client.delete("/api/v1/me/push-token/").status_code == 204
        assert DeviceToken.objects.get().push_token == ""


FORM = "/admin/login/"


@pytest.mark.parametrize(
    "form",
    [
        {"username": "alice@example.org", "password": ""},
        {"username": "", "password": "x"},
        {"password": "x"},
        {},
        {"username": "alice@example.org", "password": "\x00"},
        {"username": "a\x00b", "password": "x"},
        {"username": "x" * 400, "password": "x"},
        {"username": "é" * 300 + "@example.org", "password": "x"},
        {"username": "alice@example.org", "password": "x" * 60_000},
        {"username": "alice@example.org", "password": "x", "code": "9" * 400},
        {"username": "alice@example.org", "password": "x", "code": "\x00"},
    ],
)
def test_the_form_answers_whatever_is_typed(alice: User, form: dict[str, str]) -> None:
    answer = Client().post(FORM, form)
    assert answer.status_code == 200
    assert answer.context["form"].errors


@pytest.mark.parametrize(
    "spelling", ["alıce@example.org", "ALICE@EXAMPLE.ORG", "ａlice@example.org"]
)
def test_tries_are_counted_in_the_form_in_which_an_account_is_found(
    alice: User, spelling: str
) -> None:
    alice.set_password("right horse battery")
    alice.save()
    assert account_name("alice@example.org") == alice.email
    found = User.objects.called(spelling).exists()
    # Found by a spelling: counted under the same name; else it is nobody's.
    assert found == (account_name(spelling) == alice.email)
    signed_in = Client().post(FORM, {"username": spelling, "password": "right horse battery"})
    assert (signed_in.status_code == 302) == found


@time_machine.travel(NOW, tick=False)
def test_names_tried_from_one_network_are_limited(alice: User) -> None:
    alice.set_password("right horse battery")
    alice.save()
    for number in range(30):
        here = Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        form = {"username": f"nobody{number}@example.org", "password": "x"}
        assert here.post(FORM, form).status_code == 200
    right = {"username": "alice@example.org", "password": "right horse battery"}
    refused = Client(REMOTE_ADDR="2001:db8:1:2::ffff").post(FORM, right)
    assert refused.status_code == 200
    assert "Too many tries" in refused.content.decode()
    # Nobody else is kept out.
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post(FORM, right).status_code == 302


def test_a_network_has_ten_guesses_of_a_password(alice: User) -> None:
    wrong_one = {"username": "alice@example.org", "password": "x"}
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").post(FORM, wrong_one).status_code
        for number in range(12)
    ]
    assert answers == [200] * 9 + [429] * 3


def test_a_push_token_is_its_newest_owners(clinic: Clinic) -> None:
    ana, ben, cleo = (factories.PatientFactory.create(clinic=clinic) for _ in range(3))
    for patient in (ana, ben):
        app = _on_a_device(patient)
        push = {"token": "of-the-tablet", "platform": "fcm"}
        assert app.put("/api/v1/me/push-token/", push).status_code == 204
    other = _on_a_device(cleo)
    other.put("/api/v1/me/push-token/", {"token": "of-a-phone", "platform": "apns"})
    kept = DeviceToken.objects.exclude(push_token="").values_list("user__patient", "push_token")
    assert set(kept) == {(ben.pk, "of-the-tablet"), (cleo.pk, "of-a-phone")}


def _on_a_device(patient: Patient) -> APIClient:
    account = User.objects.create(patient=patient, email=None)
    return client_of(DeviceToken.objects.create(user=account)[1])
