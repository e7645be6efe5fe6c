"""Every look at a record is kept: by whom, whose, from where; no page has to remember it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import (
    CheckIn,
    DeviceToken,
    Look,
    Patient,
    Program,
    SessionLog,
    SignInCode,
    User,
)
from exercises.services import propose
from exercises.services.alerts import open_alert
from exercises.services.links import link_for
from notifications.incoming import inbound
from notifications.models import OutboundMessage
from tests import factories
from tests.conftest import api_of, app_of
from tests.factories import CHECK_IN_AT, PASSWORD, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, with a row of each kind that is shown of it."""
    program = factories.program(maria)
    CheckIn.objects.create(program=program, local_date=TODAY, score=3, source="app")
    SessionLog.objects.create(
        program=program, kind="exercise", local_date=TODAY, outcome="done", source="app", client_id="1"
    )  # fmt: skip  # a row
    open_alert(patient=maria, program=program, reason="red_flag", now=timezone.now())
    propose(program=program, now=timezone.now())
    program.reviews.update(due_on=TODAY)
    factories.asked(program)
    OutboundMessage.objects.update(attempted_at=CHECK_IN_AT)
    factories.received("Can I swim?", maria)
    inbound.read_inbound(now=CHECK_IN_AT)
    assert not Look.objects.exists()
    return program


API = [
    "patients/", "patients/?search=Maria", "patients/{patient}/", "patients/{patient}/check-ins/",
    "patients/{patient}/consent/", "patients/{patient}/messages/",
    "patients/{patient}/programs/", "patients/{patient}/treatments/",
    "programs/{program}/", "programs/{program}/course/", "programs/{program}/plan/",
    "programs/{program}/sessions/", "programs/{program}/measures/", "programs/{program}/versions/",
    "alerts/", "proposals/", "reviews/",
]  # fmt: skip
ADMIN = [
    "/admin/", "/admin/exercises/patient/", "/admin/exercises/patient/{patient}/change/",
    "/admin/exercises/patient/{patient}/record/", "/admin/exercises/program/",
    "/admin/exercises/program/{program}/change/", "/admin/exercises/program/{program}/handout/",
    "/admin/exercises/program/{program}/pause/", "/admin/exercises/program/add/?like={program}",
    "/admin/exercises/checkin/", "/admin/exercises/alert/", "/admin/notifications/inboxitem/",
    "/admin/notifications/inboundmessage/", "/admin/notifications/outboundmessage/",
]  # fmt: skip
OWN = ["me/", "me/today/", "me/export/", "me/changes/", "me/messages/", "me/check-ins/", "me/sessions/", "me/progress/", "me/consent/", "me/schedules/"]  # fmt: skip


def place(path: str, program: Program) -> str:
    return path.format(patient=program.patient_id, program=program.pk)


@pytest.mark.parametrize("path", API)
def test_of_a_provider_by_the_api(alice: User, program: Program, path: str) -> None:
    answer = api_of(alice).get(f"/api/v1/{place(path, program)}")
    assert answer.status_code == 200
    _kept(alice, program)


@pytest.mark.parametrize("path", ADMIN)
def test_of_a_provider_in_the_admin(
    admin_of_alice: Client, alice: User, program: Program, path: str
) -> None:
    answer = admin_of_alice.get(place(path, program))
    assert answer.status_code in {200, 302}
    _kept(alice, program)


@pytest.mark.parametrize("path", OWN)
def test_of_a_patient_by_the_app(program: Program, path: str) -> None:
    assert app_of(program.patient).get(f"/api/v1/{path}").status_code == 200
    _kept(User.objects.get(patient=program.patient), program)


def _kept(user: User, program: Program) -> None:
    (look,) = Look.objects.all()
    assert (look.user, look.address, look.method) == (user.pk, "127.0.0.1", "GET")
    assert program.patient_id in look.patients


def test_a_token_names_its_user(alice: User, program: Program) -> None:
    _, token = DeviceToken.objects.create(user=alice)
    headers = {"authorization": f"Token {token}", "x-forwarded-for": "203.0.113.9"}
    assert Client(headers=headers).get(f"/api/v1/patients/{program.patient_id}/").status_code == 200
    _kept(alice, program)


def test_a_record_shown_again_with_a_refusal_is_a_look(
    admin_of_alice: Client, program: Program
) -> None:
    path = f"/admin/exercises/patient/{program.patient_id}/write/"
    assert admin_of_alice.post(path, {"body": ""}).status_code == 200
    assert program.patient_id in Look.objects.get(method="POST").patients


@pytest.mark.parametrize("path", ["/api/v1/patients/{patient}/", "/api/v1/programs/{program}/", "/admin/exercises/patient/{patient}/record/", "/api/v1/patients/{patient}/messages/"])  # fmt: skip
def test_a_refused_look_is_kept_and_saw_nobody(bob: User, program: Program, path: str) -> None:
    client = Client()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    asked = place(path, program)
    assert client.get(asked).status_code == 404
    assert list(Look.objects.values_list("user", "status", "path", "patients")) == [
        (bob.pk, 404, asked, [])
    ]


def test_nobody_has_looked_where_there_is_no_record(
    admin_of_alice: Client, alice: User, program: Program
) -> None:
    for path in ("/admin/exercises/exercise/", "/admin/login/", "/api/v1/exercises/", "/healthz"):
        admin_of_alice.get(path)
    Client().get(f"/api/v1/patients/{program.patient_id}/")
    assert not Look.objects.exists()


def test_a_list_names_everybody_on_it(alice: User, program: Program) -> None:
    others = factories.PatientFactory.create_batch(3, clinic=program.patient.clinic)
    api_of(alice).get("/api/v1/patients/")
    assert set(Look.objects.get().patients) == {program.patient_id, *(row.pk for row in others)}


def test_a_command_tells_who_has_seen_a_record(alice: User, bob: User, program: Program) -> None:
    for _ in range(2):
        api_of(alice).get(f"/api/v1/programs/{program.pk}/")
    app_of(program.patient).get("/api/v1/me/")
    told = StringIO()
    call_command("looks", str(program.patient_id), stdout=told)
    lines = told.getvalue().splitlines()
    assert lines[-1] == "3 looks."
    assert [str(alice) in line for line in lines[:-1]] == [False, True, True]
    with pytest.raises(CommandError):
        call_command("looks", "x")
    nobody = StringIO()
    call_command("looks", str(uuid.uuid4()), stdout=nobody)
    assert nobody.getvalue() == "0 looks.\n"


def test_it_holds_no_words_of_a_record(alice: User, program: Program) -> None:
    api_of(alice).get("/api/v1/patients/?search=Maria")
    look = Look.objects.get()
    kept = " ".join(str(getattr(look, field.name)) for field in Look._meta.fields)
    assert "Maria" not in kept
    assert str(program.patient.phone) not in kept


class TestWaysInAndOut:
    """Every try, in the same sealed log."""

    def kept(self) -> list[tuple[int, str, int]]:
        return list(Look.objects.order_by("pk").values_list("user", "path", "status"))

    def test_of_the_admin(self, client: Client, alice: User) -> None:
        login, logout = reverse("admin:login"), reverse("admin:logout")
        client.post(login, {"username": alice.email, "password": "wrong"})
        client.post(login, {"username": alice.email, "password": PASSWORD})
        client.post(logout)
        assert self.kept() == [
            (Look.NOBODY, login, 200), (alice.pk, login, 302), (alice.pk, logout, 200)
        ]  # fmt: skip  # three rows

    def test_of_the_api(self, alice: User) -> None:
        app = APIClient()
        for password in ("wrong", PASSWORD):
            body = {"email": alice.email, "password": password}
            answer = app.post("/api/v1/auth/login/", body, format="json")
        app.credentials(HTTP_AUTHORIZATION=f"Token {answer.data['token']}")
        app.post("/api/v1/auth/logout/")
        assert self.kept() == [
            (Look.NOBODY, "/api/v1/auth/login/", 401),
            (alice.pk, "/api/v1/auth/login/", 200),
            (alice.pk, "/api/v1/auth/logout/", 204),
        ]

    def test_of_a_patient(self, program: Program) -> None:
        """By the code of a text, and by the link, whose token no log has."""
        phone = str(program.patient.phone)
        row = SignInCode.objects.create(
            phone=phone, clinic=program.patient.clinic, created_at=timezone.now(),
            expires_at=timezone.now() + timedelta(minutes=10),
        )  # fmt: skip  # a row
        app = APIClient()
        for code in ("000000", row.code):
            answer = app.post(
                "/api/v1/auth/otp/verify/", {"phone": phone, "code": code}, format="json"
            )
        assert answer.status_code == 200
        account = User.objects.get(patient=program.patient)
        link = link_for(patient=program.patient, made_for="patient", now=timezone.now())
        browser = Client()
        browser.post(f"/p/{link.token}")
        browser.post("/p/out/")
        assert [(user, path) for user, path, _ in self.kept()] == [
            (Look.NOBODY, "/api/v1/auth/otp/verify/"), (account.pk, "/api/v1/auth/otp/verify/"),
            (account.pk, "/p/"), (account.pk, "/p/"),
        ]  # fmt: skip  # four rows

    def test_asking_for_a_code_and_looking_at_the_form_are_none(
        self, client: Client, program: Program
    ) -> None:
        client.get(reverse("admin:login"))
        APIClient().post("/api/v1/auth/otp/", {"phone": str(program.patient.phone)}, format="json")
        assert self.kept() == []

    def test_the_command_tells_them(self, client: Client, alice: User) -> None:
        client.post(reverse("admin:login"), {"username": alice.email, "password": PASSWORD})
        told = StringIO()
        call_command("looks", "--account", str(alice.email).upper(), stdout=told)
        assert "/admin/login/  302" in told.getvalue()
        for wrong in ([], ["--account", "nobody@example.org"]):
            with pytest.raises(CommandError):
                call_command("looks", *wrong)
        call_command("looks", "--account", "nobody", stdout=told)
        assert told.getvalue().endswith("0 looks.\n")
