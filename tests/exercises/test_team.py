"""The team of a clinic: invited, given roles, let go, and let in by a password of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from exercises.models import (
    Clinic,
    DeviceToken,
    Invitation,
    PasswordAsk,
    Patient,
    Program,
    Provider,
    User,
)
from exercises.tasks import mail_accounts
from notifications.models import ClinicWording
from tests import factories
from tests.exercises.test_admin import errors_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
RESET = reverse("admin_password_reset")
LOGIN = reverse("admin:login")
INVITATIONS = reverse("invitations")
NEW_PASSWORD = "a walk along the river"  # of a test


@pytest.fixture
def boss(admin_of_alice: Client, alice: User) -> Client:
    """Alice, who is clinic admin here."""
    Provider.objects.filter(user=alice).update(role="clinic_admin")
    return admin_of_alice


def page(clinic: Clinic, name: str = "change") -> str:
    return reverse(f"admin:exercises_clinic_{name}", args=[clinic.pk])


def mails() -> list[Any]:
    """After the task has looked."""
    mail_accounts()
    return list(mail.outbox)


def answer(user: User, says: str) -> str:
    """What the page says after somebody has answered their invitation."""
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    asked = Invitation.objects.get(user=user)
    assert "asks you into its team" in browser.get(reverse("admin:index")).content.decode()
    assert "I agree" in browser.get(INVITATIONS).content.decode()
    form = {"invitation": asked.pk, "do": says}
    return browser.post(INVITATIONS, form, follow=True).content.decode()


def link_in_mail() -> str:
    (sent,) = [row for row in mails() if "password" in row.subject]
    found = re.search(r"https?://[^/]+(/\S+)", str(sent.body))
    assert found is not None
    return found[1]


def set_password(address: str, password: str = NEW_PASSWORD) -> Any:
    browser = Client()
    form = browser.get(address, follow=True).redirect_chain[-1][0]
    return browser.post(form, {"new_password1": password, "new_password2": password})


def may_sign_in(email: str, password: str) -> bool:
    answer = Client().post(LOGIN, {"username": email, "password": password})
    # Also from a page without a word on where to go next, such as after setting a password.
    assert answer.status_code != 302 or answer["Location"] == reverse("admin:index")
    return answer.status_code == 302


class TestInviting:
    """From the page of the clinic."""

    def invite(self, admin: Client, clinic: Clinic, **form: str) -> Any:
        usual = {"email": "chris@example.org", "name": "Chris Hall", "role": "provider"}
        return admin.post(page(clinic, "invite"), usual | form)

    def test_a_new_account_sets_its_password_by_mail_and_agrees(
        self, boss: Client, clinic: Clinic
    ) -> None:
        assert self.invite(boss, clinic).status_code == 302
        user = User.objects.get(email="chris@example.org")
        assert (user.name, user.is_staff, user.is_superuser) == ("Chris Hall", True, False)
        told = {sent.subject: sent.body for sent in mails()}
        assert "Bay Foot and Ankle asks you into its team" in told
        address = link_in_mail()
        assert set_password(address).status_code == 302
        assert may_sign_in("chris@example.org", NEW_PASSWORD)
        again = Client().get(address, follow=True)
        assert "This link is used up or too old." in errors_of(again)
        assert not Provider.objects.filter(user=user).exists()
        user.refresh_from_db()
        answer(user, "accept")
        assert Provider.objects.get(user=user, clinic=clinic).role == "provider"

    @pytest.mark.parametrize(("says", "is_in"), [("accept", True), ("decline", False)])
    def test_who_has_an_account_is_in_once_they_agree(
        self, boss: Client, clinic: Clinic, bob: User, maria: Patient, says: str, is_in: bool
    ) -> None:
        self.invite(boss, clinic, email="BOB@example.org", role="assistant")
        assert User.objects.filter(email__iexact="bob@example.org").count() == 1
        assert not Patient.objects.visible_to(bob).exists()
        assert [sent.to for sent in mails()] == [["bob@example.org"]]
        assert "/admin/invitations/" in str(mails()[0].body)
        page = answer(bob, says)
        assert ("You are in the team" in page) is is_in
        found = Provider.objects.filter(user=bob, clinic=clinic)
        assert [row.role for row in found] == (["assistant"] if is_in else [])
        assert not Invitation.objects.exists()

    def test_one_address_that_cannot_be_mailed_hides_none_behind_it(
        self, boss: Client, clinic: Clinic
    ) -> None:
        for email in (f"a@{'é' * 60}.com", "new@example.org"):
            self.invite(boss, clinic, email=email)
        assert {to for sent in mails() for to in sent.to} == {"new@example.org"}

    def test_an_invitation_ends(self, boss: Client, clinic: Clinic, bob: User) -> None:
        self.invite(boss, clinic, email="bob@example.org")
        Invitation.objects.update(created_at=timezone.now() - timedelta(days=15))
        browser = Client()
        browser.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        form = {"invitation": Invitation.objects.get().pk, "do": "accept"}
        browser.post(INVITATIONS, form)
        assert not Provider.objects.filter(user=bob, clinic=clinic).exists()

    def test_nobody_answers_for_somebody_else(
        self, boss: Client, clinic: Clinic, alice: User, bob: User
    ) -> None:
        self.invite(boss, clinic, email="bob@example.org")
        asked = Invitation.objects.get()
        boss.post(INVITATIONS, {"invitation": asked.pk, "do": "accept"})
        assert not Provider.objects.filter(user=bob, clinic=clinic).exists()

    def test_the_words_tell_nobody_who_has_an_account(
        self, boss: Client, clinic: Clinic, bob: User
    ) -> None:
        closed = factories.UserFactory.create(email="closed@example.org", is_active=False)
        told = []
        for email in ("bob@example.org", "new@example.org", str(closed.email)):
            self.invite(boss, clinic, email=email)
            shown = boss.get(page(clinic)).content.decode()
            told.append(re.findall(rf"{email} (gets an e-mail[^<]*)", shown)[:1])
        assert told[0] == told[1] == told[2] != []
        # One that was closed stays so.
        assert not Invitation.objects.filter(user=closed).exists()

    def test_nobody_is_in_the_team_twice(self, boss: Client, clinic: Clinic, alice: User) -> None:
        answer = self.invite(boss, clinic, email="alice@example.org")
        assert "Already in the team." in errors_of(answer)
        assert Provider.objects.filter(user=alice).count() == 1

    def test_only_the_clinics_admins_invite(
        self, admin_of_alice: Client, clinic: Clinic, bob: User
    ) -> None:
        assert self.invite(admin_of_alice, clinic).status_code == 403
        # An admin at home is an assistant here.
        Provider.objects.filter(user=bob).update(role="clinic_admin")
        factories.ProviderFactory.create(user=bob, clinic=clinic, role="assistant")
        elsewhere = Client()
        elsewhere.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        assert self.invite(elsewhere, clinic).status_code == 403
        assert not User.objects.filter(email="chris@example.org").exists()


def test_who_works_in_several_clinics_says_in_which(
    admin_of_alice: Client, alice: User, clinic: Clinic
) -> None:
    add, take = (
        reverse("admin:exercises_patient_add"),
        reverse("admin:exercises_patient_import_patients"),
    )

    def defaults() -> list[Any]:
        form = admin_of_alice.get(add).context["adminform"].form
        return [form["clinic"].value(), admin_of_alice.get(take).context["form"]["clinic"].value()]

    assert defaults() == [clinic.pk, clinic.pk]
    # Another clinic invites her, and sorts before hers.
    factories.ProviderFactory.create(user=alice, clinic__name="A clinic")
    assert defaults() == [None, None]


def test_the_second_contact_is_of_the_own_team(boss: Client, clinic: Clinic, bob: User) -> None:
    """Else the page would show everybody's address to every clinic."""
    shown = boss.get(page(clinic)).content.decode()
    field = shown.partition('name="second_contact"')[2].partition("</select>")[0]
    assert str(Provider.objects.filter(clinic=clinic)[0].user) in field
    assert str(bob) not in field


def test_the_operator_adds_a_clinic_and_nobody_else(boss: Client) -> None:
    address = reverse("admin:exercises_clinic_add")
    assert boss.get(address).status_code == 403
    operator = Client()
    operator.force_login(
        factories.UserFactory.create(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    form = {
        "name": "New Clinic", "short_name": "New", "time_zone": "America/Denver",
        "texts_from": "08:00", "texts_until": "20:00", "prompts_per_day": 2, "alert_rise": 2,
        "alert_sharp_rise": 4, "opens_at": "09:00", "closes_at": "17:00", "workdays": "0,1,2,3,4",
    }  # fmt: skip  # a form
    assert operator.post(address, form).status_code == 302
    assert Clinic.objects.filter(name="New Clinic").exists()


class TestRoles:
    """On the page of the clinic."""

    def save(self, admin: Client, clinic: Clinic, rows: list[dict[str, Any]]) -> Any:
        form: dict[str, Any] = {
            "name": clinic.name, "short_name": clinic.short_name, "phone": str(clinic.phone),
            "time_zone": clinic.time_zone, "texts_from": "08:00", "texts_until": "20:00",
            "prompts_per_day": 2, "alert_rise": 2, "alert_sharp_rise": 4,
            "opens_at": "09:00", "closes_at": "17:00", "workdays": "0,1,2,3,4",
            "providers-TOTAL_FORMS": len(rows), "providers-INITIAL_FORMS": len(rows),
        }  # fmt: skip  # a form
        for number, row in enumerate(rows):
            form |= {f"providers-{number}-{name}": value for name, value in row.items()}
        return admin.post(page(clinic), form)

    @pytest.fixture
    def second(self, clinic: Clinic) -> Provider:
        """Somebody else in the team."""
        provider: Provider = factories.ProviderFactory.create(clinic=clinic)
        return provider

    def test_an_admin_changes_roles_and_lets_people_go(
        self, boss: Client, alice: User, clinic: Clinic, second: Provider
    ) -> None:
        own = Provider.objects.get(user=alice)
        rows = [{"id": own.pk, "role": "clinic_admin"}, {"id": second.pk, "role": "assistant"}]
        assert self.save(boss, clinic, rows).status_code == 302
        second.refresh_from_db()
        assert second.role == "assistant"
        rows[1]["DELETE"] = "on"
        assert self.save(boss, clinic, rows).status_code == 302
        assert not Provider.objects.filter(pk=second.pk).exists()
        assert User.objects.filter(pk=second.user_id).exists()

    @pytest.mark.parametrize("change", [{"role": "provider"}, {"DELETE": "on"}])
    def test_the_last_admin_stays(
        self, boss: Client, alice: User, clinic: Clinic, second: Provider, change: dict[str, str]
    ) -> None:
        own = Provider.objects.get(user=alice)
        rows = [
            {"id": own.pk, "role": "clinic_admin"} | change,
            {"id": second.pk, "role": "provider"},
        ]
        assert "A clinic needs a clinic admin" in errors_of(self.save(boss, clinic, rows))
        own.refresh_from_db()
        assert own.role == "clinic_admin"

    def test_an_admin_elsewhere_changes_nothing_here(
        self, clinic: Clinic, bob: User, second: Provider
    ) -> None:
        Provider.objects.filter(user=bob).update(role="clinic_admin")
        factories.ProviderFactory.create(user=bob, clinic=clinic, role="assistant")
        elsewhere = Client()
        elsewhere.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        rows = [{"id": second.pk, "role": "clinic_admin"}]
        assert self.save(elsewhere, clinic, rows).status_code == 403
        second.refresh_from_db()
        assert second.role == "provider"
        form = {"clinic": clinic.pk, "key": "done", "language": "en", "words": "Great!"}
        answer = elsewhere.post(reverse("admin:notifications_clinicwording_add"), form)
        assert "Only its clinic admins" in errors_of(answer)
        assert not ClinicWording.objects.exists()

    def test_a_new_program_starts_with_the_clinics_thresholds(self, clinic: Clinic) -> None:
        Clinic.objects.update(alert_rise=3, alert_sharp_rise=5)
        clinic.refresh_from_db()
        factories.program(factories.PatientFactory.create(clinic=clinic))
        program = Program.objects.get()
        assert (program.alert_rise, program.alert_sharp_rise) == (3, 5)


def refuse(*_: Any, **__: Any) -> None:
    raise ConnectionRefusedError


class TestForgottenPassword:
    """From the page that signs in."""

    def test_the_answer_is_the_same_for_an_address_nobody_has(self, alice: User) -> None:
        answers = [
            Client().post(RESET, {"email": email}, follow=True)
            for email in ("alice@example.org", "nobody@example.org")
        ]
        assert errors_of(answers[0]) == errors_of(answers[1])
        assert [sent.to for sent in mails()] == [["alice@example.org"]]

    def test_the_page_does_the_same_for_everybody(self, alice: User) -> None:
        browser = Client()
        for email in ("alice@example.org", "nobody@example.org", "ALICE@example.org"):
            with CaptureQueriesContext(connection) as asked:
                browser.post(RESET, {"email": email})
            assert [row["sql"].split()[0] for row in asked.captured_queries] == ["INSERT"]
        mails()
        # No address is kept once it was looked at.
        assert not PasswordAsk.objects.exists()

    def test_a_mail_server_that_is_away_loses_no_link(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Client().post(RESET, {"email": "alice@example.org"})
        with monkeypatch.context() as away:
            away.setattr("exercises.services.mails.send_mail", refuse)
            assert mails() == []
        assert len(mails()) == 1

    def test_a_link_is_not_mailed_an_hour_late(self, alice: User) -> None:
        Client().post(RESET, {"email": "alice@example.org"})
        PasswordAsk.objects.update(asked_at=timezone.now() - timedelta(hours=2))
        assert mails() == []

    def test_a_new_password_takes_the_place_of_the_old_one(self, alice: User) -> None:
        Client().post(RESET, {"email": "alice@example.org"})
        set_password(link_in_mail())
        assert may_sign_in("alice@example.org", NEW_PASSWORD)
        assert not may_sign_in("alice@example.org", PASSWORD)

    def test_a_new_password_signs_devices_out(self, alice: User) -> None:
        _, token = DeviceToken.objects.create(user=alice)
        app = APIClient(headers={"authorization": f"Token {token}"})
        # Another field, or another hash of the same password, changes nothing.
        alice.name = "Alice Park"
        alice.save()
        assert may_sign_in("alice@example.org", PASSWORD)
        assert app.get("/api/v1/patients/").status_code == 200
        Client().post(RESET, {"email": "alice@example.org"})
        set_password(link_in_mail())
        assert app.get("/api/v1/patients/").status_code == 401

    def test_nobody_can_fill_a_mailbox(self, alice: User, bob: User) -> None:
        for email in ("alice@example.org", "alice@example.org", "bob@example.org"):
            assert Client().post(RESET, {"email": email}).status_code == 302
        assert [sent.to for sent in mails()] == [["alice@example.org"], ["bob@example.org"]]

    def test_the_mail_goes_when_redis_is_away(self, alice: User, settings: Settings) -> None:
        away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
        settings.CACHES = {"default": away}
        Client().post(RESET, {"email": "alice@example.org"})
        assert len(mails()) == 1

    @pytest.mark.parametrize("host", ["hep.example.org:9443", "localhost", "hep.example.org"])
    def test_the_link_leads_to_our_address_whatever_was_asked_by(
        self, alice: User, settings: Settings, host: str
    ) -> None:
        settings.ALLOWED_HOSTS = ["hep.example.org", "localhost"]
        settings.PUBLIC_BASE_URL = "https://hep.example.org"
        form = {"email": "alice@example.org"}
        assert Client().post(RESET, form, headers={"host": host}).status_code == 302
        (sent,) = mails()
        assert "\nhttps://hep.example.org/admin/password/" in sent.body

    def test_without_a_mail_server_no_link_stands_in_the_log(
        self, alice: User, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        assert Client().post(RESET, {"email": "alice@example.org"}).status_code == 302
        mails()
        shown = capsys.readouterr()
        assert "/admin/password/" not in shown.out + shown.err

    @pytest.mark.parametrize("way", ["token", "session"])
    def test_a_closed_account_has_nothing_when_it_is_opened_again(
        self, alice: User, way: str
    ) -> None:
        if way == "token":
            _, token = DeviceToken.objects.create(user=alice)
            client: Client = APIClient(headers={"authorization": f"Token {token}"})
        else:
            client = Client()
            client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/api/v1/patients/").status_code == 200
        for is_active in (False, True):
            alice.is_active = is_active
            alice.save(update_fields=["is_active"])
            assert client.get("/api/v1/patients/").status_code in {401, 403}

    def test_a_short_password_is_refused(self, alice: User) -> None:
        Client().post(RESET, {"email": "alice@example.org"})
        answer = set_password(link_in_mail(), "short")
        assert "at least 12 characters" in errors_of(answer)
        assert may_sign_in("alice@example.org", PASSWORD)
