"""What one may not see does not exist: in the API and all over the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from exercises.admin.base import TenantAdmin
from exercises.models import (
    Alert,
    CheckIn,
    Exercise,
    IntakeScreen,
    Measure,
    Patient,
    Program,
    ProgramTemplate,
    ProgramVersion,
    Proposal,
    Provider,
    Review,
    Schedule,
    SessionLog,
    TreatmentSession,
    User,
)
from exercises.models.visibility import TenantQuerySet
from exercises.services import LogSpec, log_session, record_check_in
from exercises.services.alerts import open_alert
from notifications.incoming import inbox
from notifications.models import (
    ClinicTexting,
    ClinicWording,
    ConsentEvent,
    InboundMessage,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
    Sender,
)
from tests import factories
from tests.conftest import api_of

pytestmark = pytest.mark.django_db
TENANT_MODELS = [
    Alert, CheckIn, ClinicTexting, ClinicWording, ConsentEvent, InboundMessage, InboxItem, IntakeScreen, Measure, OutboundMessage,
    Patient, PhoneConsent, Program, ProgramVersion, Proposal, Provider, Review, Schedule, Sender, SessionLog,
    TreatmentSession,
]  # fmt: skip  # a list
PAGES = sorted(
    (model for model, page in admin.site._registry.items() if isinstance(page, TenantAdmin)),
    key=lambda model: model._meta.label,
)


@pytest.fixture
def marias_rows(maria: Patient) -> dict[type[Model], Model]:
    """One row of every kind that belongs to Maria's clinic."""
    program = factories.program(maria)
    factories.asked(program)
    inbound = factories.received("6", maria)
    inbound.patient = maria
    inbound.save()
    inbox.stand_unread(inbound, None, [maria], now=factories.CHECK_IN_AT)
    record_check_in(
        program=program,
        local_date=factories.TODAY,
        score=6,
        source="sms",
        client_id="a",
        now=factories.CHECK_IN_AT,
    )
    log = LogSpec("exercise", "done")
    log_session(
        program=program,
        local_date=factories.TODAY,
        log=log,
        source="sms",
        client_id="b",
        now=factories.CHECK_IN_AT,
    )
    open_alert(patient=maria, program=program, reason="red_flag", now=factories.CHECK_IN_AT)
    IntakeScreen.objects.create(program=program, screen="plantar-fasciitis")
    Proposal.objects.create(
        program=program, kind="stop", reasons=["x"], version=1, local_date=factories.TODAY
    )
    TreatmentSession.objects.create(
        patient=maria, local_date=factories.TODAY, modalities=["kinesiotape"]
    )
    Measure.objects.create(program=program, instrument="groc", local_date=factories.TODAY, value=3)
    ClinicWording.objects.create(clinic=maria.clinic, key="done", language="en", words="Great!")
    Provider.objects.get_or_create(
        user=factories.UserFactory.create(), clinic=maria.clinic, role="assistant"
    )
    models: list[type[Model]] = [*TENANT_MODELS, type(maria.clinic)]
    rows = {model: model._default_manager.first() for model in models}
    return {model: row for model, row in rows.items() if row is not None}


def visible(model: type[Model], user: User | AnonymousUser) -> int:
    rows = model._default_manager.all()
    assert isinstance(rows, TenantQuerySet)
    return rows.visible_to(user).count()


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_rows_exist_for_their_clinic_and_the_operator_only(
    model: type[Model], marias_rows: dict[type[Model], Model], alice: User, bob: User
) -> None:
    operator = factories.UserFactory.create(is_superuser=True)
    total = model._default_manager.count()
    assert total > 0
    expected_for_bob = 1 if model is Provider else 0  # his own role
    assert visible(model, operator) == total
    assert visible(model, alice) == total - expected_for_bob
    assert visible(model, bob) == expected_for_bob
    assert visible(model, factories.UserFactory.create()) == 0
    assert visible(model, AnonymousUser()) == 0


def test_an_account_that_was_closed_sees_nothing(maria: Patient, alice: User) -> None:
    alice.is_active = False
    assert visible(Patient, alice) == 0


@pytest.mark.parametrize("path", ["", "programs/", "check-ins/", "consent/", "texts/preview/"])
def test_the_api_answers_404_for_another_clinics_patient(
    path: str, maria: Patient, alice: User, bob: User
) -> None:
    url = f"/api/v1/patients/{maria.pk}/{path}"
    assert api_of(alice).get(url).status_code == 200
    refused = api_of(bob).get(url)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["programs/", "consent/"])
def test_the_api_writes_nothing_for_another_clinics_patient(
    path: str, maria: Patient, bob: User
) -> None:
    factories.template()
    form: dict[str, Any] = {"how": "paper", "words": "x", "template": "plantar-fasciitis"}
    assert api_of(bob).post(f"/api/v1/patients/{maria.pk}/{path}", form).status_code == 404
    assert not Program.objects.exists()
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize("path", ["patients/", "templates/"])
def test_the_api_asks_who_you_are(path: str) -> None:
    response = Client().get(f"/api/v1/{path}")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def admin_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def admin_url(model: type[Model], page: str, *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_every_admin_page_opens_for_the_clinic_and_hides_from_others(
    model: type[Model], marias_rows: dict[type[Model], Model], alice: User, bob: User
) -> None:
    role_needed = model is Sender
    if role_needed:
        Provider.objects.update(role=Provider.Role.CLINIC_ADMIN)
    row = marias_rows.get(model) or model._default_manager.first()
    assert row is not None
    own = admin_of(alice)
    assert own.get(admin_url(model, "changelist")).status_code == 200
    assert own.get(admin_url(model, "change", row.pk)).status_code == 200
    shared = visible(model, bob) > 0
    others = admin_of(bob)
    assert others.get(admin_url(model, "changelist")).status_code == 200
    if not shared:
        for page in ("change", "history"):
            answer = others.get(admin_url(model, page, row.pk))
            # The admin sends a stranger back to its index, as for a row that is not there.
            assert answer.status_code in {302, 404}, page
        posted = others.post(admin_url(model, "change", row.pk), {"first_name": "Stolen"})
        assert posted.status_code in {302, 403, 404}
        assert not Patient.objects.filter(first_name="Stolen").exists()


def test_the_choices_of_a_form_exist_for_the_user(maria: Patient, bob: User) -> None:
    page = admin_of(bob).get(reverse("admin:exercises_program_add")).content.decode()
    assert str(maria.pk) not in page
    consent = admin_of(bob).get(reverse("admin:notifications_consentevent_add")).content.decode()
    assert str(maria.pk) not in consent


def test_a_choice_smuggled_into_a_form_is_refused(maria: Patient, bob: User) -> None:
    template = factories.template()
    admin_of(bob).post(
        reverse("admin:exercises_program_add"),
        {
            "patient": maria.pk,
            "template": template.pk,
            "start_date": "2026-03-03",
            "side": "left",
            "check_in_time": "09:00",
        },
    )
    assert not Program.objects.exists()


@pytest.mark.parametrize(
    ("role", "allowed"), [("provider", 200), ("clinic_admin", 200), ("assistant", 403)]
)
def test_assistants_make_no_clinical_changes(
    alice: User, maria: Patient, role: str, allowed: int
) -> None:
    Provider.objects.filter(user=alice).update(role=role)
    page = admin_of(alice).get(reverse("admin:exercises_program_add"))
    assert page.status_code == allowed
    factories.template()
    form = {"template": "plantar-fasciitis", "side": "left", "schedules": []}
    form["start_date"] = factories.timezone_today()
    answer = api_of(alice).post(f"/api/v1/patients/{maria.pk}/programs/", form)
    assert answer.status_code == (201 if allowed == 200 else 403)


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_nothing_is_deleted_in_the_admin(
    model: type[Model], marias_rows: dict[type[Model], Model], alice: User
) -> None:
    row = marias_rows.get(model) or model._default_manager.first()
    assert row is not None
    answer = admin_of(alice).post(admin_url(model, "delete", row.pk), {"post": "yes"})
    assert answer.status_code in {302, 403, 404}
    assert model._default_manager.filter(pk=row.pk).exists()


def test_somebody_without_a_role_sees_an_empty_admin() -> None:
    stranger = factories.UserFactory.create()
    assert admin_of(stranger).get(reverse("admin:exercises_patient_changelist")).status_code == 403


def test_the_page_that_changes_a_program_is_for_its_clinicians(
    maria: Patient, alice: User, bob: User
) -> None:
    url = admin_url(Program, "change_items", factories.program(maria).pk)
    assert admin_of(alice).get(url).status_code == 200
    assert admin_of(bob).get(url).status_code == 404
    Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
    assert admin_of(alice).get(url).status_code == 403
    assert admin_of(alice).post(url, {"save": "1"}).status_code == 403


@pytest.mark.parametrize("model", [Exercise, ProgramTemplate])
def test_a_clinics_own_library_is_its_own(model: type[Model], alice: User, bob: User) -> None:
    clinic = Provider.objects.get(user=alice).clinic
    row = model._default_manager.create(clinic=clinic, slug="ours", name="Ours")
    assert admin_of(alice).get(admin_url(model, "change", row.pk)).status_code == 200
    for page in ("change", "copy"):
        url = admin_url(model, "change", row.pk).replace("/change/", f"/{page}/")
        assert admin_of(bob).get(url).status_code in {302, 404}
    theirs = model._default_manager.exclude(clinic=None)
    assert theirs.count() == 1
    assert isinstance(theirs, TenantQuerySet)
    assert not theirs.visible_to(bob).exists()
