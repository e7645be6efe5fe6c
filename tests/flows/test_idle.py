"""A page that is left alone: a word before the session ends, and no form is lost by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from exercises.models import Patient, User
from tests.browser import needs_chromium, shot, sign_in
from tests.factories import MORNING

LOOK = reverse("still-here")
MINUTE = timedelta(minutes=1)
BAR = ".idle"


class TestTheTimeLeft:
    """What the script asks for."""

    pytestmark = pytest.mark.django_db

    def left(self, client: Client, *, at: timedelta, method: str = "get") -> int:
        with time_machine.travel(MORNING + at, tick=False):
            seconds: int = getattr(client, method)(LOOK).json()["seconds"]
        return seconds

    def test_looking_is_not_being_there(self, admin_of_alice: Client) -> None:
        assert self.left(admin_of_alice, at=timedelta()) == 15 * 60
        assert self.left(admin_of_alice, at=10 * MINUTE) == 5 * 60
        assert self.left(admin_of_alice, at=10 * MINUTE, method="post") == 15 * 60
        assert self.left(admin_of_alice, at=24 * MINUTE) == 60
        assert self.left(admin_of_alice, at=26 * MINUTE) == 0

    def test_a_session_ends_after_a_working_day_whatever_was_done(
        self, admin_of_alice: Client
    ) -> None:
        for minutes in range(0, 12 * 60, 10):
            assert self.left(admin_of_alice, at=minutes * MINUTE, method="post") > 0
        assert self.left(admin_of_alice, at=12 * 60 * MINUTE, method="post") > 0
        assert self.left(admin_of_alice, at=12 * 60 * MINUTE + MINUTE, method="post") == 0

    def test_a_stranger_has_none(self) -> None:
        assert Client().get(LOOK).json() == {"seconds": 0}

    def test_who_works_stays_in_however_short_the_time(
        self, admin_of_alice: Client, settings: Settings
    ) -> None:
        settings.IDLE_LOGOUT = MINUTE
        for step in range(0, 600, 50):
            assert self.left(admin_of_alice, at=timedelta(seconds=step), method="post") > 0
        assert self.left(admin_of_alice, at=timedelta(seconds=615)) == 0


@needs_chromium
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_half_written_form_outlives_the_session(
    browser: Browser, live_server: LiveServer, alice: User, bob: User
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with time_machine.travel(timezone.now()) as clock:
        page, other, another = (context.new_page() for _ in range(3))
        sign_in(page, live_server, alice)
        page.clock.install()
        page.goto(f"{live_server.url}{reverse('admin:exercises_patient_add')}")

        def pass_by(minutes: float) -> None:
            clock.shift(minutes * MINUTE)
            page.clock.fast_forward(int(minutes * 60_000))

        def write(field: str, words: str) -> None:
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.locator(f"input[name={field}]").fill(words)

        page.locator(BAR).wait_for(state="attached")
        write("first_name", "Nora")
        pass_by(14.2)
        expect(page.locator(BAR)).to_contain_text("You will be signed out in")
        shot(page, "idle-soon")
        page.get_by_role("button", name="Stay signed in").click()
        expect(page.locator(BAR)).to_be_hidden()
        # Writing is being there: no request of the form itself went out in half an hour.
        for _ in range(3):
            pass_by(10)
            write("last_name", "Diaz")
        expect(page.locator(BAR)).to_be_hidden()
        pass_by(17)
        expect(page.locator(BAR)).to_contain_text("What you wrote is still here")
        shot(page, "idle-out")
        page.locator("input[name=phone]").fill("+14155550143")
        page.get_by_role("button", name="Save", exact=True).click()
        assert page.url.endswith("/patient/add/")
        # Somebody else at the same desk does not send Alice's words in their own name.
        sign_in(other, live_server, bob)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.locator(BAR)).to_contain_text("Somebody else signed in meanwhile.")
        page.get_by_role("button", name="Save", exact=True).click()
        assert page.url.endswith("/patient/add/")
        other.goto(f"{live_server.url}/admin/")
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        sign_in(another, live_server, alice)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.locator(BAR)).to_be_hidden()
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/program/add/**")
        # A laptop that slept: no timer has told that the session is over.
        page.goto(f"{live_server.url}{reverse('admin:exercises_patient_add')}")
        page.locator(BAR).wait_for(state="attached")
        write("first_name", "Ben")
        clock.shift(17 * MINUTE)
        page.clock.set_system_time(timezone.now() + 17 * MINUTE)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(BAR)).to_contain_text("What you wrote is still here")
        expect(page.locator("input[name=first_name]")).to_have_value("Ben")
    kept = [(patient.first_name, str(patient.phone)) for patient in Patient.objects.all()]
    assert kept == [("Nora", "+14155550143")]
