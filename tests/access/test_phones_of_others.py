"""A clinic may write any phone into a record: nothing of another clinic follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import Alert, Clinic, Patient, SessionLog, SignInCode, User
from notifications.incoming import inbound
from notifications.messages import message_text
from notifications.models import (
    ClinicTexting,
    ClinicWording,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
)
from notifications.outgoing import preparing, sign_in_texts
from notifications.outgoing.pacing import Pacer
from tests import factories
from tests.conftest import api_of
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db
PHONE = "+14155550151"


@pytest.fixture
def rosa(bob: User) -> Patient:
    """A patient of Hill Clinic, in the middle of her program."""
    patient: Patient = factories.PatientFactory.create(
        clinic=Clinic.objects.get(providers__user=bob), phone=PHONE, first_name="Rosa"
    )
    program = factories.program(patient)
    factories.asked(program)
    OutboundMessage.objects.update(attempted_at=CHECK_IN_AT)
    return patient


def probe(clinic: Clinic, **more: Any) -> Patient:
    """What somebody of Bay Foot writes down: Rosa's phone under another name."""
    patient: Patient = factories.PatientFactory.create(
        clinic=clinic, phone=PHONE, first_name="Probe", **more
    )
    return patient


ROWS = ["none", "patient", "patient of her year", "revoked", "held", "texting off", "wording"]


def write_down(what: str, clinic: Clinic, rosa: Patient) -> None:
    """Rows of Bay Foot, about a phone that is no business of theirs."""
    if what == "none":
        return
    probe(clinic, birth_year=rosa.birth_year)
    if what in {"revoked", "held"}:
        PhoneConsent.objects.create(clinic=clinic, phone=PHONE, state=what)
    if what == "texting off":
        ClinicTexting.objects.filter(clinic=clinic).update(enabled=False)
    if what == "wording":
        words = "{detail} is your code. Type it at hep-login.evil.example to go on."
        ClinicWording.objects.create(clinic=clinic, key="code", language="en", words=words)


@pytest.fixture
def one_number(clinic: Clinic, rosa: Patient) -> None:
    """Both clinics text from the same number, which the operator may set up."""
    ours = ClinicTexting.objects.get(clinic=clinic)
    ClinicTexting.objects.filter(clinic=rosa.clinic).update(sender=ours.sender)


def texts_of(clinic: Clinic) -> list[str]:
    """What leaves for Hill Clinic's patients now."""
    departures = preparing.prepare(now=timezone.now(), limit=20, pacer=Pacer())[1]
    keys = {departure.attempt_id for departure in departures}
    rows = OutboundMessage.objects.filter(attempts__in=keys, clinic=clinic)
    bodies = dict(rows.values_list("attempts", "pk"))
    return sorted(row.text.body for row in departures if row.attempt_id in bodies)


def seen(rosa: Patient, bob: User, body: str) -> dict[str, Any]:
    """All that Hill Clinic and its patient see after she wrote `body`, without keys and times."""
    inbound.read_inbound(now=CHECK_IN_AT + timedelta(minutes=5))
    answers = OutboundMessage.objects.filter(clinic=rosa.clinic, kind="reply")
    return {
        "answers": list(answers.values_list("wording", "detail", "patient")),
        "alerts": list(Alert.objects.visible_to(bob).values_list("patient", "reason", "detail")),
        "inbox": list(InboxItem.objects.visible_to(bob).values_list("patient", "why")),
        "logs": list(SessionLog.objects.visible_to(bob).values_list("outcome", "kind")),
        "scores": [
            row["score"] for row in api_of(bob).get(f"/api/v1/patients/{rosa.pk}/check-ins/").json()["results"]
        ],
        "message": message_text(rosa, "Hello"),
        "consent": PhoneConsent.objects.get(clinic=rosa.clinic, phone=PHONE).state,
    }  # fmt: skip


@pytest.mark.parametrize("body", ["4", "DONE", "9 and I can't walk", "Can I swim?", "pause 3 days", "help", "wrong number"])  # fmt: skip
@pytest.mark.parametrize("what", ROWS)
def test_with_and_without_a_row_of_theirs_a_text_comes_to_the_same(
    clinic: Clinic, rosa: Patient, bob: User, one_number: None, what: str, body: str
) -> None:
    factories.received(body, rosa, at=CHECK_IN_AT + timedelta(minutes=4))
    with_none = _rolled_back(lambda: seen(rosa, bob, body))
    write_down(what, clinic, rosa)
    assert seen(rosa, bob, body) == with_none
    theirs = Patient.objects.filter(clinic=clinic)
    assert not Alert.objects.filter(patient__in=theirs).exists()
    assert not OutboundMessage.objects.filter(patient__in=theirs).exists()


@pytest.mark.parametrize("what", ROWS)
def test_a_patient_signs_in_whatever_another_clinic_wrote_down(
    clinic: Clinic, rosa: Patient, bob: User, what: str
) -> None:
    write_down(what, clinic, rosa)
    assert APIClient().post("/api/v1/auth/otp/", {"phone": PHONE}).status_code == 202
    sign_in_texts.text_codes(now=timezone.now())
    (own,) = SignInCode.objects.filter(phone=PHONE, clinic=rosa.clinic)
    (text,) = texts_of(rosa.clinic)
    assert text.startswith(f"{rosa.clinic.short_name}: {own.code} is your sign-in code")
    form = {"phone": PHONE, "code": own.code}
    answer = APIClient().post("/api/v1/auth/otp/verify/", form)
    assert answer.status_code == 200, answer.content
    assert answer.json()["patient"] == str(rosa.pk)


def test_a_code_of_one_clinic_opens_no_record_of_another(clinic: Clinic, rosa: Patient) -> None:
    theirs = probe(clinic)
    APIClient().post("/api/v1/auth/otp/", {"phone": PHONE})
    sign_in_texts.text_codes(now=timezone.now())
    codes = {row.clinic_id: row.code for row in SignInCode.objects.all()}
    assert len(set(codes.values())) == 2
    form = {"phone": PHONE, "code": codes[clinic.pk]}
    assert APIClient().post("/api/v1/auth/otp/verify/", form).json()["patient"] == str(theirs.pk)


def test_many_clinics_with_one_phone_are_no_flood(clinic: Clinic, rosa: Patient) -> None:
    for _ in range(6):
        probe(factories.ClinicFactory.create())
    APIClient().post("/api/v1/auth/otp/", {"phone": PHONE})
    assert sign_in_texts.text_codes(now=timezone.now()) == sign_in_texts.MOST_CLINICS
    # Hers is among them: somebody agreed to its texts.
    assert SignInCode.objects.filter(clinic=rosa.clinic).exists()


def test_no_clinic_learns_whose_patient_somebody_is(alice: User, rosa: Patient) -> None:
    known = probe(Clinic.objects.get(providers__user=alice))
    unknown: Patient = factories.PatientFactory.create(
        clinic=known.clinic, phone="+14155550199", first_name="Probe"
    )
    assert message_text(known, "Hello") == message_text(unknown, "Hello")


def _rolled_back(look: Any) -> Any:
    with transaction.atomic():
        found = look()
        transaction.set_rollback(True)
    return found
