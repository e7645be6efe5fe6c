"""The way in: what a link shows, to whom it opens, and when it ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from exercises.models import Alert, DeviceToken, Look, PageLink, Patient, Program, SignInCode, User
from exercises.page.way_in import TAP
from exercises.services import end_program, save_patient, sign_out_everywhere
from exercises.services.links import end_link, end_links
from hep.logging import LineFormatter
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.page.visits import CONFIRM, PROGRESS, TODAY, address, linked, opened, words

pytestmark = pytest.mark.django_db
PREVIEWERS = (
    "facebookexternalhit/1.1", "WhatsApp/2.23", "Twitterbot/1.0", "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 (compatible; SkypeUriPreview)", "com.apple.WebKit.Networking/8615 TelephonyUtilities",
)  # fmt: skip  # a table


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def maria(maria: Patient) -> Patient:
    """With a program and a birth year."""
    Patient.objects.filter(pk=maria.pk).update(birth_year=1958)
    maria.refresh_from_db()
    factories.program(maria)
    return maria


@pytest.fixture
def link(maria: Patient) -> PageLink:
    return linked(maria, now=CHECK_IN_AT)


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    models = [m for m in apps.get_models() if m._meta.app_label in {"exercises", "notifications"}]
    return {str(m): list(m._default_manager.order_by("pk").values()) for m in models}


class TestLookingAtIt:
    """P2: what previews a link changes nothing and learns nothing."""

    def test_a_hundred_looks_change_no_row_and_show_nobody(
        self, link: PageLink, maria: Patient
    ) -> None:
        before = everything()
        shown = set()
        for number in range(100):
            browser = Client(headers={"user-agent": PREVIEWERS[number % len(PREVIEWERS)]})
            answer = (browser.head if number % 2 else browser.get)(address(link))
            assert answer.status_code == 200
            assert answer["Cache-Control"] == "no-store"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer["X-Robots-Tag"]
            shown.add(words(answer))
        assert everything() == before
        for page in shown:
            assert not any(word in page for word in ("Maria", "Bay Foot", "lantar", "heel", "pain"))

    def test_a_look_asks_the_database_nothing(
        self, link: PageLink, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(0):
            Client().get(address(link))
            Client().get("/p/" + "x" * 22)

    def test_it_is_in_the_language_of_the_phone(self, link: PageLink) -> None:
        spanish = Client(headers={"accept-language": "es-MX,es;q=0.9"}).get(address(link))
        assert "Abrir mis ejercicios" in words(spanish)
        assert 'lang="es"' in words(spanish)


class TestOpening:
    """P4 and P5: one tap opens, once without a second step."""

    def test_the_cookie_opens_the_page_and_no_api(self, link: PageLink, maria: Patient) -> None:
        browser = opened(link)
        cookie = browser.cookies["hep_page"]
        assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/p/", "Lax")
        assert browser.get(TODAY).status_code == 200
        app = Client(headers={"authorization": f"Token {cookie.value}"})
        assert app.get("/api/v1/me/").status_code == 401

    def test_nobody_is_named_before_it_is_shown_who_it_is(self, link: PageLink) -> None:
        page = words(opened(link).get(TODAY))
        assert "Maria" not in page
        assert "Calf" in page or "calf" in page

    def test_a_second_browser_shows_who_it_is_first(self, link: PageLink) -> None:
        opened(link)
        second = opened(link)
        for place in (TODAY, PROGRESS):
            assert second.get(place)["Location"] == CONFIRM
        page = words(second.get(CONFIRM))
        assert "Maria" not in page
        second.post(CONFIRM, {"do": "year", "birth_year": "1958"})
        assert "For Maria" in words(second.get(TODAY))
        assert second.get(PROGRESS).status_code == 200

    def test_a_double_tap_is_one_browser(self, link: PageLink) -> None:
        """Both taps leave before the first is answered, so neither has the cookie of the other."""
        browser = Client()
        browser.get(address(link))
        tap = browser.cookies[TAP].value
        assert browser.post(address(link)).status_code == 303
        again = Client()
        again.cookies[TAP] = tap
        assert again.post(address(link)).status_code == 303
        assert again.get(TODAY).status_code == 200
        assert DeviceToken.objects.count() == 1
        other = Client()
        other.get(address(link))
        other.post(address(link))
        assert other.get(TODAY)["Location"] == CONFIRM

    def test_the_same_browser_is_not_asked_again(self, link: PageLink) -> None:
        browser = opened(link)
        browser.post(address(link))
        assert DeviceToken.objects.count() == 1
        assert browser.get(TODAY).status_code == 200

    def test_days_before_and_the_course_take_the_second_step(self, link: PageLink) -> None:
        browser = opened(link)
        assert browser.get(PROGRESS)["Location"] == CONFIRM
        assert browser.get(TODAY, {"day": "2026-03-02"})["Location"] == CONFIRM
        assert browser.get(TODAY, {"day": "2026-03-03"}).status_code == 200

    def test_when_it_was_opened_is_kept(self, link: PageLink) -> None:
        opened(link)
        later = CHECK_IN_AT + timedelta(hours=3)
        with time_machine.travel(later, tick=False):
            opened(link)
        link.refresh_from_db()
        assert (link.first_opened_at, link.last_opened_at) == (CHECK_IN_AT, later)

    def test_the_text_of_tomorrow_has_the_same_link(self, link: PageLink, maria: Patient) -> None:
        assert linked(maria, now=CHECK_IN_AT + timedelta(days=1)) == link
        # Near its end a new one is made.
        assert linked(maria, now=CHECK_IN_AT + timedelta(days=6)) != link

    def test_a_look_at_the_record_is_kept_without_the_token(
        self, link: PageLink, maria: Patient
    ) -> None:
        browser = opened(link)
        browser.get(TODAY)
        browser.post(address(link))
        looks = Look.objects.filter(patients__contains=[maria.pk])
        assert looks.exists()
        assert not any(link.token in row.path for row in Look.objects.all())

    def test_no_other_sites_form_opens_it(self, link: PageLink) -> None:
        elsewhere = Client(headers={"sec-fetch-site": "cross-site"})
        answer = elsewhere.post(address(link))
        assert "Open my exercises" in words(answer)
        assert "hep_page" not in answer.cookies


class TestThatDoNotWork:
    """P3: unknown, expired, revoked and exhausted are one answer."""

    def break_it(self, how: str, link: PageLink) -> str:
        if how == "unknown":
            return "/p/" + secrets.token_urlsafe(16)
        broken: dict[str, dict[str, Any]] = {
            "expired": {"expires_at": CHECK_IN_AT},
            "revoked": {"revoked_at": CHECK_IN_AT},
            "exhausted": {"tries": 5},
        }
        PageLink.objects.filter(pk=link.pk).update(**broken[how])
        return address(link)

    @pytest.mark.parametrize("how", ["unknown", "expired", "revoked", "exhausted"])
    def test_they_are_the_same_bytes(self, link: PageLink, how: str) -> None:
        known = Client().post("/p/" + "A" * 22)
        answer = Client().post(self.break_it(how, link))
        assert (answer.status_code, answer.content) == (known.status_code, known.content)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer.status_code == 404
        assert not DeviceToken.objects.exists()

    @pytest.mark.parametrize("path", ["/p/short", "/p/" + "x" * 23, "/p/../admin/", "/p/%00"])
    def test_what_is_no_link_is_no_page(self, path: str) -> None:
        assert Client().post(path).status_code in {404, 301}

    def test_no_token_is_found_by_trying_and_nobody_is_locked_out(
        self, link: PageLink, settings: Settings
    ) -> None:
        for _ in range(100):
            Client().post("/p/" + secrets.token_urlsafe(16))
        assert not DeviceToken.objects.exists()
        # From elsewhere it opens as before.
        browser = Client(REMOTE_ADDR="198.51.100.9")
        assert browser.post(address(link)).status_code == 303

    def test_without_a_cookie_one_is_told_how_to_get_a_link(self) -> None:
        for cookie in ("", "x" * 64, "a" * 64, "é"):
            browser = Client()
            browser.cookies["hep_page"] = cookie
            answer = browser.get(TODAY)
            assert answer.status_code == 403
            assert "Reply LINK" in words(answer)

    def test_a_token_of_an_app_is_no_cookie(self, maria: Patient, link: PageLink) -> None:
        opened(link)
        _, token = DeviceToken.objects.create(user=User.objects.get(patient=maria))
        browser = Client()
        browser.cookies["hep_page"] = token
        assert browser.get(TODAY).status_code == 403

    def test_no_log_has_the_token(
        self, link: PageLink, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        PageLink.objects.update(revoked_at=CHECK_IN_AT)
        Client().post(address(link))
        Client().get(address(link) + "/x")
        assert caplog.records
        shown = [LineFormatter().format(record) for record in caplog.records]
        assert link.token not in "".join(shown) + capsys.readouterr().err


def forget(link: PageLink, _: Patient) -> None:
    end_link(link=link, now=CHECK_IN_AT)


def move(_: PageLink, maria: Patient) -> None:
    maria.phone = "+14155550177"  # type: ignore[assignment]  # what is assigned becomes a number
    save_patient(patient=maria, save=maria.save, now=CHECK_IN_AT)


def move_behind_the_back(_: PageLink, maria: Patient) -> None:
    Patient.objects.filter(pk=maria.pk).update(phone="+14155550177")


def out_everywhere(_: PageLink, maria: Patient) -> None:
    sign_out_everywhere(user=User.objects.get(patient=maria))


def end_long_ago(_: PageLink, maria: Patient) -> None:
    end_program(program=maria.programs.get(), now=CHECK_IN_AT - timedelta(days=31))


def end_all(_: PageLink, maria: Patient) -> None:
    assert end_links(patient=maria, now=CHECK_IN_AT) == 1


def guess(link: PageLink, _: Patient) -> None:
    second = opened(link)
    for year in range(1950, 1955):
        second.post(CONFIRM, {"do": "year", "birth_year": str(year)})


ENDS: list[Callable[[PageLink, Patient], None]] = [
    forget, move, move_behind_the_back, out_everywhere, end_long_ago, end_all, guess,
]  # fmt: skip  # a table


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_it_ends_at_once_with_every_browser(
    link: PageLink, maria: Patient, end: Callable[[PageLink, Patient], None]
) -> None:
    browser = opened(link)
    end(link, maria)
    assert browser.get(TODAY).status_code == 403
    assert Client().post(address(link)).status_code == 404


def test_it_goes_on_for_a_month_after_the_program(link: PageLink, maria: Patient) -> None:
    browser = opened(link)
    end_program(program=maria.programs.get(), now=CHECK_IN_AT - timedelta(days=29))
    assert browser.get(TODAY).status_code == 200


class TestSecondStep:
    """The birth year or a texted code; five wrong tries end the link and tell the clinic."""

    def test_five_wrong_tries_tell_the_clinic_once(self, link: PageLink, maria: Patient) -> None:
        opened(link)
        guess(link, maria)
        alert = Alert.objects.get()
        assert (alert.reason, alert.severity) == ("page_locked", "low")

    def test_what_is_no_year_and_what_is_right_are_no_wrong_tries(self, link: PageLink) -> None:
        opened(link)
        for _ in range(3):
            second = opened(link)
            for year in ("", "19", "1958"):
                second.post(CONFIRM, {"do": "year", "birth_year": year})
            assert "For Maria" in words(second.get(TODAY))
        link.refresh_from_db()
        assert link.tries == 0
        assert not Alert.objects.exists()

    def test_wrong_tries_stay_counted_whoever_was_right_between(self, link: PageLink) -> None:
        opened(link)
        thief, maria = opened(link), opened(link)
        for year in ("1950", "1951", "1952", "1953"):
            thief.post(CONFIRM, {"do": "year", "birth_year": year})
        maria.post(CONFIRM, {"do": "year", "birth_year": "1958"})
        assert "For Maria" in words(maria.get(TODAY))
        thief.post(CONFIRM, {"do": "year", "birth_year": "1954"})
        assert thief.get(CONFIRM).status_code == 403
        assert Alert.objects.get().reason == "page_locked"

    def test_a_browser_that_showed_who_it_is_stays_so_with_the_next_link(
        self, link: PageLink, maria: Patient
    ) -> None:
        browser = opened(link)
        browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
        with time_machine.travel(CHECK_IN_AT + timedelta(days=6), tick=False):
            newer = linked(maria, now=CHECK_IN_AT + timedelta(days=6))
            assert newer != link
            browser.post(address(newer))
            assert browser.get(PROGRESS).status_code == 200
            assert DeviceToken.objects.count() == 1
            end_link(link=newer, now=CHECK_IN_AT)
            assert browser.get(TODAY).status_code == 403

    def test_a_closed_account_is_no_way_in(self, link: PageLink, maria: Patient) -> None:
        User.objects.create(patient=maria, email=None, is_active=False)
        assert Client().post(address(link)).status_code == 404
        link.refresh_from_db()
        assert link.first_opened_at is None

    def test_an_unconfirmed_browser_sees_no_earlier_day_by_an_error(self, link: PageLink) -> None:
        browser = opened(link)
        answer = browser.post(TODAY, {"do": "x", "day": "2026-03-02"})
        assert answer.status_code == 400
        assert "Today, Tuesday" in words(answer)

    def test_a_texted_code_works_once_and_is_of_this_clinic(
        self, link: PageLink, maria: Patient
    ) -> None:
        opened(link)
        second = opened(link)
        second.post(CONFIRM, {"do": "send"})
        code = SignInCode.objects.get()
        assert code.phone == str(maria.phone)
        SignInCode.objects.update(clinic=maria.clinic)
        second.post(CONFIRM, {"do": "code", "code": f" {code.code[:3]} {code.code[3:]} "})
        assert "For Maria" in words(second.get(TODAY))
        third = opened(link)
        third.post(CONFIRM, {"do": "code", "code": code.code})
        assert third.get(TODAY)["Location"] == CONFIRM

    def test_without_a_birth_year_there_is_only_the_code(
        self, link: PageLink, maria: Patient
    ) -> None:
        Patient.objects.filter(pk=maria.pk).update(birth_year=None)
        opened(link)
        second = opened(link)
        page = words(second.get(CONFIRM))
        assert "birth_year" not in page
        assert "Text me a code" in page
        second.post(CONFIRM, {"do": "year", "birth_year": ""})
        assert second.get(TODAY)["Location"] == CONFIRM


class TestSharedPhone:
    """P7: two patients on one number."""

    @pytest.fixture
    def tom(self, maria: Patient) -> Patient:
        tom: Patient = factories.PatientFactory.create(
            clinic=maria.clinic, first_name="Tom", phone=maria.phone, birth_year=1960
        )
        factories.program(tom)
        return tom

    def test_the_first_browser_shows_who_it_is_too(self, link: PageLink, tom: Patient) -> None:
        browser = opened(link)
        page = words(browser.get(CONFIRM))
        assert browser.get(TODAY)["Location"] == CONFIRM
        assert not any(name in page for name in ("Maria", "Tom"))

    @pytest.mark.parametrize(("name", "is_in"), [("", False), ("Tom", False), ("maría", True)])
    def test_the_code_of_the_phone_takes_the_name_too(
        self, link: PageLink, tom: Patient, name: str, is_in: bool
    ) -> None:
        browser = opened(link)
        browser.post(CONFIRM, {"do": "send"})
        SignInCode.objects.update(clinic=tom.clinic)
        code = SignInCode.objects.get().code
        browser.post(CONFIRM, {"do": "code", "code": code, "first_name": name})
        assert ("For Maria" in words(browser.get(TODAY))) is is_in

    def test_the_other_ones_year_opens_nothing(self, link: PageLink, tom: Patient) -> None:
        browser = opened(link)
        browser.post(CONFIRM, {"do": "year", "birth_year": "1960"})
        assert browser.get(TODAY)["Location"] == CONFIRM

    @pytest.mark.parametrize("year", [1958, None])
    def test_a_year_that_may_be_either_ones_is_no_answer(
        self, link: PageLink, tom: Patient, year: int | None
    ) -> None:
        Patient.objects.filter(pk=tom.pk).update(birth_year=year)
        browser = opened(link)
        assert "birth_year" not in words(browser.get(CONFIRM))
        browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
        assert browser.get(TODAY)["Location"] == CONFIRM

    def test_neither_sees_anything_of_the_other(self, link: PageLink, tom: Patient) -> None:
        browser = opened(link)
        browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
        page = words(browser.get(TODAY))
        assert "For Maria" in page
        assert "Tom" not in page
        toms = Program.objects.get(patient=tom)
        assert str(toms.pk) not in page
        answer = browser.post(TODAY, {"do": "pain", "program": str(toms.pk), "score": "9"})
        assert answer.status_code == 400
        assert not toms.check_ins.exists()


class TestLeaving:
    """The page closes here, or by itself."""

    def test_it_closes_in_this_browser_alone(self, link: PageLink) -> None:
        first, second = opened(link), opened(link)
        answer = first.post("/p/out/")
        assert "storage" in answer["Clear-Site-Data"]
        assert first.get(TODAY).status_code == 403
        assert second.get(CONFIRM).status_code == 200

    def test_it_ends_when_it_is_left_alone_and_after_half_a_year(self, link: PageLink) -> None:
        browser = opened(link)
        PageLink.objects.update(expires_at=CHECK_IN_AT + timedelta(days=400))
        for days in range(25, 180, 25):
            with time_machine.travel(CHECK_IN_AT + timedelta(days=days), tick=False):
                assert browser.get(TODAY).status_code == 200
        with time_machine.travel(CHECK_IN_AT + timedelta(days=181), tick=False):
            assert browser.get(TODAY).status_code == 403
        with time_machine.travel(CHECK_IN_AT, tick=False):
            left = opened(link)
        with time_machine.travel(CHECK_IN_AT + timedelta(days=31), tick=False):
            assert left.get(TODAY).status_code == 403
