"""Creating, consenting and assigning in the admin."""

from __future__ import annotations

import re

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import Clinic, Patient, Program, Provider, User
from exercises.services import save_patient
from hep.errors import InvalidInputError
from notifications.models import ConsentEvent, PhoneConsent
from tests import factories

pytestmark = pytest.mark.django_db


def errors_of(response: object) -> str:
    """The page's text, to look for a message in."""
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]  # a response


def test_a_provider_creates_a_patient(admin_of_alice: Client, clinic: Clinic) -> None:
    response = admin_of_alice.post(
        reverse("admin:exercises_patient_add"),
        {
            "clinic": clinic.pk,
            "first_name": "Maria",
            "last_name": "Lopez",
            "phone": "+14155550111",
            "time_zone": "America/Chicago",
            "language": "en",
        },
    )
    assert response.status_code == 302
    assert Patient.objects.get().time_zone == "America/Chicago"


def test_a_change_is_kept_with_who_made_it(
    admin_of_alice: Client, maria: Patient, alice: User
) -> None:
    form = {"clinic": maria.clinic_id, "first_name": "Mary", "phone": str(maria.phone)}
    form |= {"time_zone": "America/Chicago", "language": "en"}
    for inline in ("programs", "messages"):
        form |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    url = reverse("admin:exercises_patient_change", args=[maria.pk])
    assert admin_of_alice.post(url, form).status_code == 302
    entry = LogEntry.objects.get_for_object(maria).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.actor == alice
    assert entry.changes["first_name"] == ["Maria", "Mary"]


@pytest.mark.parametrize("role", Provider.Role.values)
def test_a_record_stays_with_its_clinic(
    admin_of_alice: Client, maria: Patient, alice: User, role: str
) -> None:
    Provider.objects.filter(user=alice).update(role=role)
    second = factories.ProviderFactory.create(user=alice, role="clinic_admin").clinic
    form = {"clinic": second.pk, "first_name": "Mary", "phone": str(maria.phone)}
    form |= {"time_zone": "America/Chicago", "language": "en"}
    url = reverse("admin:exercises_patient_change", args=[maria.pk])
    assert admin_of_alice.post(url, form).status_code == 302
    moved = Patient.objects.get()
    assert (moved.first_name, moved.clinic_id) == ("Mary", maria.clinic_id)


def test_no_way_of_saving_moves_a_record(maria: Patient) -> None:
    maria.clinic = factories.ClinicFactory.create()
    with pytest.raises(InvalidInputError) as refused:
        save_patient(patient=maria, save=maria.save, now=timezone.now())
    assert refused.value.field == "clinic"
    assert Patient.objects.get().clinic_id != maria.clinic_id


def test_what_the_api_refuses_the_admin_refuses_at_the_same_field(
    admin_of_alice: Client, clinic: Clinic
) -> None:
    response = admin_of_alice.post(
        reverse("admin:exercises_patient_add"),
        {
            "clinic": clinic.pk,
            "first_name": "Maria",
            "phone": "+14155550111",
            "time_zone": "America/Chicago",
            "language": "en",
            "texts_from": "06:00",
            "texts_until": "22:00",
        },
    )
    assert "Write down how the patient asked for these hours." in errors_of(response)
    assert not Patient.objects.exists()


def test_consent_is_recorded_through_the_service(
    admin_of_alice: Client, maria: Patient, alice: User
) -> None:
    response = admin_of_alice.post(
        reverse("admin:notifications_consentevent_add"),
        {"patient": maria.pk, "how": "paper", "words": "I agree.", "words_version": "1"},
    )
    assert response.status_code == 302
    event = ConsentEvent.objects.get()
    assert (event.recorded_by, event.words, event.state) == (alice, "I agree.", "granted")
    assert PhoneConsent.objects.get().phone == maria.phone


def assign(client: Client, patient: Patient, **changes: str) -> object:
    form = {
        "patient": patient.pk,
        "template": factories.template().pk,
        "start_date": factories.timezone_today(),
        "side": "left",
        "check_in_time": "09:00",
    }
    return client.post(reverse("admin:exercises_program_add"), form | changes)


def test_a_provider_assigns_a_program(admin_of_alice: Client, maria: Patient, alice: User) -> None:
    assign(admin_of_alice, maria, splint_time="19:30")
    program = Program.objects.get()
    assert program.assigned_by == alice
    assert set(program.schedules.values_list("kind", flat=True)) == {"check_in", "splint"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"splint_time": "23:00"}, "This patient gets texts from 08:00 to 20:00."),
        ({"start_date": "2062-01-01"}, "The start date is more than 180 days away."),
        ({"check_in_time": "25:99"}, "Enter a valid time."),
        ({"template": ""}, "This field is required."),
    ],
)
def test_a_refused_assignment_says_why_and_leaves_nothing(
    admin_of_alice: Client, maria: Patient, changes: dict[str, str], words: str
) -> None:
    assert words in errors_of(assign(admin_of_alice, maria, **changes))
    assert not Program.objects.exists()


def test_a_program_leads_to_its_patients_page(admin_of_alice: Client, maria: Patient) -> None:
    program = factories.program(maria)
    answer = admin_of_alice.get(reverse("admin:exercises_program_record", args=[program.pk]))
    record = reverse("admin:exercises_patient_record", args=[maria.pk])
    assert answer["Location"] == f"{record}?program={program.pk}"


def test_the_button_leads_to_the_assign_page_with_the_patient_chosen(
    admin_of_alice: Client, maria: Patient
) -> None:
    response = admin_of_alice.get(
        reverse("admin:exercises_patient_assign_program", args=[maria.pk])
    )
    assert response["Location"].endswith(f"program/add/?patient={maria.pk}")
