"""The page without a network: it opens, keeps what is told, sends it once, and forgets when closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from exercises.models import CheckInEntry, Patient, Program, SessionLog
from exercises.services.alerts import open_alert
from tests import factories
from tests.browser import needs_chromium, shot
from tests.page.visits import TODAY, address, linked
from tests.waiting import eventually

pytestmark = [
    pytest.mark.long,
    needs_chromium,
    pytest.mark.timeout(180),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria, now=timezone.now())


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, program: Program, live_server: LiveServer) -> Page:
    """Today's page, and all that this phone keeps of it."""
    page = context.new_page()
    open_link(page, program.patient, live_server)
    until(page, "navigator.serviceWorker.controller !== null")
    until(
        page,
        """async () => {
          const names = await caches.keys();
          const kept = await (await caches.open(names[0])).keys();
          return kept.filter((one) => one.url.includes("/pictures/")).length
            >= new Set([...document.images].map((image) => image.src)).size - 1;
        }""",
    )
    return page


def open_link(page: Page, patient: Patient, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}{address(linked(patient, now=timezone.now()))}")
    page.get_by_role("button", name="Open my exercises").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


def until(page: Page, holds: str) -> None:
    """Wait for what a script says; the page's own rules refuse the browser's way of waiting."""

    def ask() -> bool:
        try:
            return bool(page.evaluate(holds))
        except Error:  # the page is just being loaded
            return False

    eventually(ask)


def kept_here(page: Page) -> Any:
    """Names of caches, and rows of the phone's own database."""
    return page.evaluate(
        """async () => {
          const bases = (await indexedDB.databases()).map((base) => base.name);
          return {caches: await caches.keys(), bases};
        }"""
    )


def told(program: Program) -> list[tuple[str, str]]:
    rows = SessionLog.objects.filter(program=program, undone_at=None).order_by("created_at")
    return [(row.exercise.slug if row.exercise else "", row.outcome) for row in rows]


def test_twenty_taps_without_a_network_arrive_once_and_in_order(
    context: BrowserContext, page: Page, program: Program, live_server: LiveServer
) -> None:
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("No network. Go on")).to_be_visible()
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    cards = page.locator("article")
    rounds = taps = cards.count()
    for number in range(rounds):
        cards.nth(number).get_by_role("button", name="Done").click()
        expect(cards.nth(number).get_by_text("Waits for a network")).to_be_visible()
    page.reload()
    for score in [str(number % 11) for number in range(20 - taps)]:
        page.locator("form.scale button", has_text=score).first.click()
        taps += 1
        expect(page.get_by_text(f"{taps} waiting.")).to_be_visible()
    expect(page.get_by_text("20 waiting.")).to_be_visible()
    shot(page, "page-offline", whole=True)
    assert not SessionLog.objects.exists()

    context.set_offline(False)
    # Twenty requests, one after the other, then the page as the server has it.
    back = page.get_by_role("button", name="Take it back")
    expect(back).to_have_count(rounds, timeout=30_000)
    expect(page.locator(".waits")).to_have_count(0)
    assert len(told(program)) == rounds
    scores = [row.score for row in CheckInEntry.objects.order_by("said_at", "pk")]
    assert scores == [number % 11 for number in range(20 - rounds)]


def test_what_was_told_late_keeps_the_time_it_was_told(
    context: BrowserContext, page: Page, program: Program
) -> None:
    page.clock.install()
    page.reload()
    context.set_offline(True)
    page.locator("article").first.get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 waiting.")).to_be_visible()
    page.clock.fast_forward(2 * 3600 * 1000)
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".waits")).to_have_count(0)
    log = SessionLog.objects.get()
    assert log.said_at is not None
    assert timedelta(hours=2) <= log.created_at - log.said_at < timedelta(hours=2, minutes=2)


def test_an_answer_that_was_lost_on_the_way_is_not_told_twice(
    context: BrowserContext, page: Page, program: Program
) -> None:
    """The server keeps it; the phone never hears so, and sends it again."""
    lost: list[object] = []

    def cut(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/p/", cut)
    page.locator("form.scale button", has_text="4").first.click()
    expect(page.get_by_text("1 waiting.")).to_be_visible()
    assert CheckInEntry.objects.count() == 1
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("You told 4.")).to_be_visible()
    assert [row.score for row in CheckInEntry.objects.all()] == [4]


def test_what_is_refused_is_shown_with_its_reason_and_stays_until_it_was_seen(
    context: BrowserContext, page: Page, program: Program
) -> None:
    context.set_offline(True)
    page.locator("article").first.get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 waiting.")).to_be_visible()
    open_alert(
        patient=program.patient, program=program, reason="red_flag", detail="", now=timezone.now()
    )
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Not kept: ")).to_be_visible()
    expect(page.get_by_text("Your exercises wait until somebody").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("Not kept: ")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_text("Not kept: ")).to_have_count(0)
    assert told(program) == []


def test_a_tap_can_be_taken_back_before_it_was_sent(
    context: BrowserContext, page: Page, program: Program
) -> None:
    context.set_offline(True)
    first = page.locator("article").first
    first.get_by_role("button", name="Done").click()
    first.get_by_role("button", name="Take it back").click()
    expect(first.get_by_role("button", name="Done")).to_be_visible()
    expect(page.get_by_text("waiting.")).to_have_count(0)


@pytest.mark.parametrize("way", ["closed here", "ended by the clinic"])
def test_nothing_stays_on_a_phone_where_the_page_was_closed(
    page: Page, program: Program, live_server: LiveServer, way: str
) -> None:
    assert kept_here(page)["bases"] == ["hep-page"]
    if way == "closed here":
        page.get_by_role("button", name="Close this page here").click()
        expect(page.get_by_role("heading", name="Closed")).to_be_visible()
    else:
        program.patient.page_links.update(revoked_at=timezone.now())
        page.locator("article").first.get_by_role("button", name="Done").click()
        expect(page.get_by_role("heading", name="This page is closed here")).to_be_visible()
    until(
        page,
        """async () => (await caches.keys()).length === 0
          && (await indexedDB.databases()).length === 0
          && (await navigator.serviceWorker.getRegistrations()).length === 0""",
    )


def test_the_next_patient_on_a_phone_sees_nothing_of_the_one_before(
    context: BrowserContext, page: Page, program: Program, live_server: LiveServer
) -> None:
    context.set_offline(True)
    page.locator("article").first.get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 waiting.")).to_be_visible()
    context.set_offline(False)
    other = factories.program(
        factories.PatientFactory.create(clinic=program.patient.clinic), now=timezone.now()
    )
    page.close()
    context.clear_cookies()
    page = context.new_page()
    # Not even while the page is loading: the network may go in that second.
    page.route("**/telling.*js", lambda route: route.abort())
    open_link(page, other.patient, live_server)
    assert kept_here(page) == {"caches": [], "bases": []}
    page.unroute_all()
    page.reload()
    until(page, "navigator.serviceWorker.controller !== null")
    expect(page.get_by_text("waiting.")).to_have_count(0)
    until(
        page,
        """async () => {
          const asked = indexedDB.open("hep-page");
          await new Promise((done) => { asked.onsuccess = done; });
          const kept = asked.result.transaction("kept").objectStore("kept").get("page");
          await new Promise((done) => { kept.onsuccess = done; });
          asked.result.close();
          return kept.result?.owner === document.documentElement.dataset.owner;
        }""",
    )
    context.set_offline(True)
    page.goto(f"{live_server.url}{TODAY}")
    expect(page.get_by_text("No network. Go on")).to_be_visible()
    assert str(program.pk) not in page.content()
    assert told(other) == []


def test_no_answer_with_a_name_is_in_a_cache(page: Page, live_server: LiveServer) -> None:
    names = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
          return found;
        }"""
    )
    assert names
    assert {name for name in names if not name.startswith(("/static/", "/pictures/"))} == {
        "/p/frame/"
    }
