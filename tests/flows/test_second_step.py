"""Signing in with a second step, and being signed out when idle."""

from __future__ import annotations

import secrets
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from pytest_django import Settings
from rest_framework.test import APIClient

from exercises.models import Authenticator, DeviceToken, Patient, User
from exercises.services import second_step
from tests import factories
from tests.factories import MORNING, PASSWORD
from tests.notifications.test_record import words

pytestmark = pytest.mark.django_db
START = reverse("admin:index")
LOGIN = reverse("admin:login")
PAGE = reverse("second-step")
LOGIN_API = "/api/v1/auth/login/"
STEP = timedelta(seconds=30)


def code_of(user: User) -> str:
    """What the user's app shows now."""
    device = Authenticator.objects.filter(user=user).latest("pk")
    return f"{TOTP(device.secret).token():06d}"


def at(steps: int) -> Any:
    """Codes count once, so each sign-in of a test takes place at its own step."""
    return time_machine.travel(MORNING + steps * STEP, tick=False)


def sign_in(user: User, **form: str) -> tuple[Client, Any]:
    browser = Client()
    answer = browser.post(LOGIN, {"username": user.email, "password": PASSWORD, **form})
    return browser, answer


def is_in(browser: Client) -> bool:
    return browser.get(START).status_code == 200


@pytest.fixture
def spare(alice: User) -> list[str]:
    """Alice has turned her second step on; these are her spare codes."""
    with at(0):
        device = second_step.begin(alice)
        return second_step.confirm(alice, code_of(alice), device.pk)


class TestTurningItOn:
    """One's own page."""

    def test_it_takes_a_code_of_the_app(self, alice: User) -> None:
        with at(0):
            browser, _ = sign_in(alice)
            page = browser.get(PAGE)
            assert "<svg" in page.content.decode()
            wrong = browser.post(PAGE, {"code": "000000", "password": PASSWORD})
            assert "This is not the code that the app shows now." in words(wrong)
            assert not second_step.has_second_step(alice)
        with at(4):
            done = browser.post(PAGE, {"code": code_of(alice), "password": PASSWORD})
            codes = done.context["spare"]
            assert len(set(codes)) == 8
            assert all(code in words(done) for code in codes)
            assert "are not shown again" in words(done)
            assert not any(code in words(browser.get(PAGE)) for code in codes)

    def test_a_screen_left_open_is_not_enough_to_turn_it_on(self, alice: User) -> None:
        with at(0):
            browser, _ = sign_in(alice)
            browser.get(PAGE)
            for password in ("", "wrong"):
                browser.post(PAGE, {"code": code_of(alice), "password": password})
        assert not second_step.has_second_step(alice)

    def test_no_spare_code_stands_in_the_database(self, alice: User, spare: list[str]) -> None:
        stored = set(StaticToken.objects.values_list("token", flat=True))
        assert len(stored) == len(spare)
        assert not stored & set(spare)
        assert not is_in(sign_in(alice, code=stored.pop())[0])

    def test_spare_codes_of_before_go_on_working(self, alice: User, spare: list[str]) -> None:
        device = StaticDevice.objects.get(user=alice)
        device.token_set.all().delete()
        device.token_set.create(token="abcd2345")
        migration = import_module("exercises.migrations.0014_spare_codes_as_digests")
        for _ in range(2):
            migration.hash_codes(apps, None)
        assert not StaticToken.objects.filter(token="abcd2345").exists()
        assert is_in(sign_in(alice, code="abcd2345")[0])

    def test_no_secret_of_the_app_stands_in_the_database(
        self, alice: User, bob: User, spare: list[str]
    ) -> None:
        """Nor does a row that was moved to another account open it."""
        device = Authenticator.objects.get(user=alice)
        assert device.secret not in bytes(device.sealed)
        Authenticator.objects.filter(pk=device.pk).update(user=bob)
        with at(4):
            shown = f"{TOTP(device.secret).token():06d}"
            assert not is_in(sign_in(bob, code=shown)[0])

    def test_secrets_of_before_are_sealed_and_go_on_working(self, alice: User) -> None:
        """django-otp's own table kept them in clear text."""
        secret = secrets.token_bytes(20)
        migration = import_module("exercises.migrations.0024_second_step_sealed")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE otp_totp_totpdevice (id bigint, user_id bigint, name text,"
                " confirmed boolean, key text, drift int, last_t bigint)"
            )
            cursor.execute(
                "INSERT INTO otp_totp_totpdevice VALUES (1, %s, 'Phone', true, %s, 0, -1)",
                [alice.pk, secret.hex()],
            )
            for _ in range(2):
                migration.move(apps, SimpleNamespace(connection=connection))
            cursor.execute("SELECT key FROM otp_totp_totpdevice")
            assert cursor.fetchall()[0][0] != secret.hex()
        with at(4):
            assert is_in(sign_in(alice, code=f"{TOTP(secret).token():06d}")[0])

    def test_it_takes_the_password_to_turn_it_off(self, alice: User, spare: list[str]) -> None:
        with at(2):
            browser, _ = sign_in(alice, code=code_of(alice))
            assert "not your password" in words(browser.post(PAGE, {"password": "wrong"}))
            assert second_step.has_second_step(alice)
            browser.post(PAGE, {"password": PASSWORD})
            assert not second_step.has_second_step(alice)

    def test_a_stranger_has_no_such_page(self) -> None:
        assert Client().get(PAGE).status_code == 302


class TestSigningIn:
    """In the admin."""

    def test_a_password_alone_is_not_enough(self, alice: User, spare: list[str]) -> None:
        with at(2):
            browser, answer = sign_in(alice)
            assert "Enter the code that your app shows." in words(answer)
            assert not is_in(browser)
            browser, _ = sign_in(alice, code=code_of(alice))
            assert is_in(browser)

    def test_a_code_counts_once(self, alice: User, spare: list[str]) -> None:
        with at(2):
            code = code_of(alice)
            assert is_in(sign_in(alice, code=code)[0])
            browser, answer = sign_in(alice, code=code)
            assert "This code is not right." in words(answer)
            assert not is_in(browser)

    def test_a_spare_code_counts_once(self, alice: User, spare: list[str]) -> None:
        with at(2):
            assert is_in(sign_in(alice, code=spare[0].upper())[0])
            assert not is_in(sign_in(alice, code=spare[0])[0])
        with at(40):
            assert is_in(sign_in(alice, code=spare[1])[0])

    def test_a_wrong_password_does_not_tell_who_has_a_second_step(
        self, alice: User, bob: User, spare: list[str]
    ) -> None:
        shown = []
        for user in (alice, bob):
            answer = Client().post(LOGIN, {"username": user.email, "password": "wrong"})
            shown.append(words(answer))
        assert shown[0] == shown[1]

    def test_a_right_code_right_after_wrong_ones_has_to_wait(
        self, alice: User, spare: list[str]
    ) -> None:
        with at(2):
            for _ in range(2):
                sign_in(alice, code="000000")
            browser, answer = sign_in(alice, code=code_of(alice))
            assert "Wait a minute" in words(answer)
            assert not is_in(browser)
        with at(4):
            assert is_in(sign_in(alice, code=code_of(alice))[0])

    def test_guessing_codes_locks_out(self, alice: User, spare: list[str]) -> None:
        for step in range(10):
            # Hours apart: django-otp itself slows down who guesses faster.
            with time_machine.travel(MORNING + step * timedelta(seconds=61), tick=False):
                sign_in(alice, code="000000")
        with time_machine.travel(MORNING + timedelta(minutes=11), tick=False):
            _, answer = sign_in(alice, code=code_of(alice))
            assert answer.status_code == 429


def test_a_lock_is_for_one_account_however_its_address_is_written(alice: User, bob: User) -> None:
    for number in range(10):
        email = str(alice.email).upper() if number % 2 else alice.email
        Client().post(LOGIN, {"username": email, "password": "wrong"})
    locked = Client().post(LOGIN, {"username": alice.email, "password": PASSWORD})
    assert locked.status_code == 429
    assert is_in(sign_in(bob)[0])


class TestTheApi:
    """With a token."""

    def ask(self, user: User, **form: str) -> Any:
        return APIClient().post(LOGIN_API, {"email": user.email, "password": PASSWORD, **form})

    def test_it_asks_for_the_code(self, alice: User, spare: list[str]) -> None:
        with at(2):
            asked = self.ask(alice).json()
            assert [(row["field"], row["code"]) for row in asked["errors"]] == [
                ("code", "code_required")
            ]
            wrong = self.ask(alice, code="000000").json()
            assert wrong["errors"][0]["code"] == "wrong_code"
        with at(6):
            assert "token" in self.ask(alice, code=code_of(alice)).json()

    def test_who_has_no_second_step_needs_none(self, alice: User) -> None:
        assert "token" in self.ask(alice).json()


class TestRequired:
    """`SECOND_STEP_REQUIRED`: first that, then everything else."""

    @pytest.fixture(autouse=True)
    def _required(self, settings: Settings) -> None:
        settings.SECOND_STEP_REQUIRED = True

    def test_it_comes_before_everything_else(self, alice: User, maria: Patient) -> None:
        with at(0):
            browser, _ = sign_in(alice)
            for page in (START, reverse("admin:exercises_patient_record", args=[maria.pk])):
                answer = browser.get(page)
                assert (answer.status_code, answer["Location"]) == (302, PAGE)
            refused = browser.get("/api/v1/patients/")
            assert (refused.status_code, refused.json()["code"]) == (403, "second_step_needed")
            assert "everything else opens once it is on" in words(browser.get(PAGE))
            assert (
                browser.post(PAGE, {"code": code_of(alice), "password": PASSWORD}).status_code
                == 200
            )
            assert is_in(browser)
            assert browser.get("/api/v1/patients/").status_code == 200

    def test_turned_off_it_is_asked_for_again(self, alice: User, spare: list[str]) -> None:
        with at(2):
            browser, _ = sign_in(alice, code=code_of(alice))
            assert is_in(browser)
            browser.post(PAGE, {"password": PASSWORD})
            assert not is_in(browser)
            # Whoever wants to leave may.
            assert browser.post(reverse("admin:logout")).status_code == 200

    def test_who_came_with_the_password_alone_is_out_once_it_is_on(self, alice: User) -> None:
        _, token = DeviceToken.objects.create(user=alice)
        app = APIClient(headers={"authorization": f"Token {token}"})
        assert app.get("/api/v1/patients/").status_code == 403
        with at(0):
            stranger, _ = sign_in(alice)
            seen = stranger.get(PAGE).context["secret"]
            browser, _ = sign_in(alice)
            assert browser.get(PAGE).context["secret"] != seen
            assert (
                browser.post(PAGE, {"code": code_of(alice), "password": PASSWORD}).status_code
                == 200
            )
            assert is_in(browser)
            assert not is_in(stranger)
            assert stranger.get(PAGE).status_code == 302
            assert app.get("/api/v1/patients/").status_code == 401

    def test_a_session_without_its_code_signs_in_again(self, alice: User, spare: list[str]) -> None:
        browser = Client()
        browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        assert browser.get(START)["Location"].startswith(LOGIN)
        assert browser.get(LOGIN).status_code == 200

    def test_an_app_gets_no_token_before(self, alice: User) -> None:
        for address in (LOGIN_API, "/api/v1/auth/session/"):
            form = {"email": alice.email, "password": PASSWORD}
            refused = APIClient().post(address, form)
            assert (refused.status_code, refused.json()["code"]) == (400, "second_step_needed")

    def test_a_patient_has_none(self, app: APIClient) -> None:
        assert app.get("/api/v1/me/").status_code == 200


def test_the_operator_lets_somebody_in_who_lost_the_phone(alice: User, spare: list[str]) -> None:
    operator = factories.UserFactory.create(is_superuser=True)
    browser = Client()
    browser.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    form = {"action": "remove_second_step", "_selected_action": [alice.pk]}
    browser.post(reverse("admin:exercises_user_changelist"), form)
    assert not second_step.has_second_step(alice)


class TestIdle:
    """A screen that is left alone."""

    def test_a_quarter_of_an_hour_signs_out(self, alice: User) -> None:
        with time_machine.travel(MORNING, tick=False):
            browser, _ = sign_in(alice)
            assert is_in(browser)
        with time_machine.travel(MORNING + timedelta(minutes=15), tick=False):
            assert is_in(browser)
        with time_machine.travel(MORNING + timedelta(minutes=29), tick=False):
            assert is_in(browser)
        with time_machine.travel(MORNING + timedelta(minutes=45), tick=False):
            answer = browser.get(START)
            assert answer["Location"].startswith(LOGIN)
            assert not is_in(browser)
