"""Wordings, held phones and the menu in the admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exercises.models import Clinic, Patient, Provider, User
from exercises.services.alerts import open_alert
from notifications.consent import hold
from notifications.models import ClinicWording, ConsentEvent, OutboundMessage, PhoneConsent
from notifications.outgoing import sending
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_of_boss(clinic: Clinic) -> Client:
    """The admin as the clinic's admin uses it."""
    boss = factories.ProviderFactory.create(clinic=clinic, role=Provider.Role.CLINIC_ADMIN)
    client = Client()
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def wording_form(clinic: Clinic, words: str, *, key: str = "check_in") -> dict[str, object]:
    return {"clinic": clinic.pk, "key": key, "language": "en", "words": words}


ADD = "admin:notifications_clinicwording_add"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Hi {first_name}, 👣 {clinic}: 0 to 10?", "makes the text cost twice as much"),
        ("{clinic}: how is your heel, 0 to 10?", "tells too much to whoever sees the phone"),
        ("0 to 10? " + "a" * 152, "161 characters with the longest names"),
        ("{nickname}: 0 to 10?", "is no placeholder"),
        ("0 to 10? Reply YES to begin", "YES has a meaning of its own"),
    ],
)
def test_a_wording_that_may_not_go_out_is_refused_at_its_field(
    clinic: Clinic, admin_of_boss: Client, words: str, problem: str
) -> None:
    page = admin_of_boss.post(reverse(ADD), wording_form(clinic, words))
    assert problem in str(page.context["adminform"].form.errors["words"])
    assert not ClinicWording.objects.exists()


def test_a_provider_reads_wordings_and_changes_none(clinic: Clinic, admin_of_alice: Client) -> None:
    assert admin_of_alice.post(reverse(ADD), wording_form(clinic, "0 to 10?")).status_code == 403
    assert (
        admin_of_alice.get(reverse("admin:notifications_clinicwording_changelist")).status_code
        == 200
    )


@pytest.mark.django_db(transaction=True)
def test_a_clinics_own_words_go_out(
    simulator: SimulatedTwilio, clinic: Clinic, admin_of_boss: Client
) -> None:
    words = "{clinic}: good morning {first_name}! Pain now, 0 to 10?"
    assert admin_of_boss.post(reverse(ADD), wording_form(clinic, words)).status_code == 302
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    write_due(now=CHECK_IN_AT)
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    sent = simulator.texts_to(str(program.patient.phone))
    assert sent == ["Bay Foot: good morning Maria! Pain now, 0 to 10?"]


def test_the_preview_shows_the_text_its_cost_and_what_is_wrong(admin_of_alice: Client) -> None:
    url = reverse("admin:notifications_clinicwording_preview")
    form = {"key": "check_in", "language": "es", "words": "¿{first_name}, su talón?"}
    preview = admin_of_alice.post(url, form).json()
    assert preview["text"] == "¿Maria, su talon?"
    assert (preview["segments"], preview["characters"]) == (1, 17)
    assert any("talón" in sentence for sentence in preview["problems"])
    assert preview["ours"].startswith("Hola {first_name}")
    assert admin_of_alice.post(url, form | {"key": "nothing"}).status_code == 400
    assert admin_of_alice.post(url, form | {"words": "{oops"}).json()["text"] == "{oops"
    assert Client().post(url, form).status_code == 302


class TestAHeldPhone:
    """A text that may have been an opt-out."""

    @pytest.fixture
    def held(self, maria: Patient) -> PhoneConsent:
        factories.consent_of(maria)
        inbound = factories.received("not interested", maria)
        hold(inbound=inbound, patients=[maria], now=CHECK_IN_AT)
        return PhoneConsent.objects.get()

    @pytest.mark.parametrize(
        ("action", "state"), [("keep_texting", "granted"), ("stop_texting", "revoked")]
    )
    def test_somebody_decides_and_it_is_on_record(
        self, held: PhoneConsent, alice: User, admin_of_alice: Client, action: str, state: str
    ) -> None:
        assert held.state == "held"
        url = reverse(f"admin:notifications_phoneconsent_{action}", args=[held.pk])
        asked = admin_of_alice.get(url).content.decode()
        assert "not interested" in asked
        held.refresh_from_db()
        assert held.state == "held"  # looking changes nothing
        admin_of_alice.post(url)
        held.refresh_from_db()
        assert held.state == state
        event = ConsentEvent.objects.latest("pk")
        assert (event.state, event.how, event.recorded_by) == (state, "staff", alice)
        page = admin_of_alice.post(url, follow=True).content.decode()
        assert "Nothing changed" in page
        assert ConsentEvent.objects.count() == 3

    def test_another_clinic_cannot_decide(self, held: PhoneConsent, bob: User) -> None:
        client = Client()
        client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        url = reverse("admin:notifications_phoneconsent_keep_texting", args=[held.pk])
        client.post(url)
        held.refresh_from_db()
        assert held.state == "held"

    def test_who_says_stop_on_the_phone_is_texted_no_more(
        self, maria: Patient, alice: User, admin_of_alice: Client
    ) -> None:
        """Consent may be revoked by any reasonable means, a call among them."""
        factories.asked(factories.program(maria), status="waiting")
        consent = PhoneConsent.objects.get()
        assert consent.state == "granted"
        url = reverse("admin:notifications_phoneconsent_stop_texting", args=[consent.pk])
        admin_of_alice.post(url)
        consent.refresh_from_db()
        assert consent.state == "revoked"
        event = ConsentEvent.objects.latest("pk")
        assert (event.words, event.recorded_by) == ("Told the clinic to stop", alice)
        assert OutboundMessage.objects.get().skip_reason == "opted_out"
        # What ended so does not begin by a click.
        admin_of_alice.post(url.replace("/stop", "/keep"))
        consent.refresh_from_db()
        assert consent.state == "revoked"

    def test_an_opt_out_decision_skips_what_waits(
        self, held: PhoneConsent, maria: Patient, admin_of_alice: Client
    ) -> None:
        factories.asked(factories.program(maria, with_consent=False), status="waiting")
        admin_of_alice.post(
            reverse("admin:notifications_phoneconsent_stop_texting", args=[held.pk])
        )
        assert OutboundMessage.objects.get().skip_reason == "opted_out"


def test_another_clinic_finds_no_texts_ahead(maria: Patient, bob: User) -> None:
    client = Client()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("admin:exercises_patient_texts_ahead", args=[maria.pk])
    assert client.get(url).status_code in {403, 404}


@pytest.mark.parametrize("patients", [2, 12])
def test_the_list_of_alerts_costs_the_same_queries(
    clinic: Clinic,
    admin_of_alice: Client,
    patients: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(patients):
        patient = factories.PatientFactory.create(clinic=clinic)
        open_alert(patient=patient, program=None, reason="red_flag", now=CHECK_IN_AT)
    url = reverse("admin:exercises_alert_changelist")
    admin_of_alice.get(url)  # the first page of a session reads the clinic's clock
    with django_assert_num_queries(11):
        admin_of_alice.get(url)


def test_the_menu_leads_the_operator_further_than_a_provider(
    alice: User, admin_of_alice: Client
) -> None:
    assert "/notifications/textingswitch/" not in admin_of_alice.get("/admin/").content.decode()
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    assert "/notifications/textingswitch/" in admin_of_alice.get("/admin/").content.decode()


def test_an_alert_shows_the_patients_words_and_leads_to_the_held_phone(
    maria: Patient, admin_of_alice: Client
) -> None:
    factories.consent_of(maria)
    inbound = factories.received("<b>wrong number</b>", maria)
    inbound.patient = maria
    inbound.save()
    hold(inbound=inbound, patients=[maria], now=CHECK_IN_AT)
    alert = open_alert(patient=maria, program=None, reason="doubtful_opt_out", now=CHECK_IN_AT)
    page = admin_of_alice.get(reverse("admin:exercises_alert_change", args=[alert.pk]))
    text = page.content.decode()
    # On the clinic's clock: 13:30 UTC is half past eight in New York.
    assert "3 Mar 08:30: &lt;b&gt;wrong number&lt;/b&gt;" in text
    held = PhoneConsent.objects.get()
    assert reverse("admin:notifications_phoneconsent_change", args=[held.pk]) in text
