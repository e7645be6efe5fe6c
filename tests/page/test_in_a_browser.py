"""The page in a real browser: open, follow along, tell; and nothing that keeps anybody out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from exercises.models import Patient, Program, SessionLog
from exercises.services import record_check_in
from tests import factories
from tests.browser import barriers, needs_chromium, shot, wider_than_the_screen
from tests.page.visits import CONFIRM, TODAY, address, linked

pytestmark = [
    pytest.mark.long,
    needs_chromium,
    pytest.mark.timeout(180),
    pytest.mark.django_db(transaction=True),
]
DAY = timedelta(days=1)
CONTRAST = ["color-contrast"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A shared phone's page has all that a page can have; 25 kB of them are pictures.
MOST_BYTES, MOST_REQUESTS = 60_000, 12


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's fifth week."""
    Patient.objects.filter(pk=maria.pk).update(birth_year=1958)
    maria.refresh_from_db()
    now = timezone.now()
    program = factories.program(maria, now=now - 28 * DAY)
    for day in range(28):
        record_check_in(
            program=program, local_date=program.start_date + day * DAY, score=max(2, 7 - day // 5),
            source="sms", client_id=str(day), now=now - (28 - day) * DAY,
        )  # fmt: skip  # a call
    return program


@pytest.fixture
def way_in(program: Program, live_server: LiveServer) -> str:
    return f"{live_server.url}{address(linked(program.patient, now=timezone.now()))}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone whose console has to stay silent."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    # The browser says when it forgets what somebody else left, as it was told to.
    assert [line for line in said if not line.startswith("Clear-Site-Data header")] == []


def opened(page: Page, way_in: str) -> None:
    page.goto(way_in)
    page.get_by_role("button", name="Open my exercises").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


def confirmed(page: Page, way_in: str, live_server: LiveServer) -> None:
    opened(page, way_in)
    page.goto(f"{live_server.url}{CONFIRM}")
    page.get_by_label("The year you were born").fill("1958")
    page.keyboard.press("Enter")
    expect(page.get_by_text("For Maria")).to_be_visible()


def test_open_tell_undo_and_see_how_it_goes(
    page: Page, way_in: str, live_server: LiveServer, program: Program
) -> None:
    confirmed(page, way_in, live_server)
    shot(page, "own-page")
    first = page.locator("article").first
    first.get_by_role("button", name="Done").click()
    expect(first.get_by_role("button", name="Take it back")).to_be_visible()
    first.get_by_role("button", name="Take it back").click()
    expect(first.get_by_role("button", name="Done")).to_be_visible()
    page.get_by_role("button", name="4", exact=True).first.click()
    expect(page.get_by_text("You told 4.")).to_be_visible()
    page.get_by_role("link", name="How it goes").click()
    expect(page.get_by_role("img", name="Your pain, day by day")).to_be_visible()


def test_it_counts_a_hold_by_the_clock_also_with_the_page_hidden(
    page: Page, way_in: str, program: Program
) -> None:
    """Ten times 10 s with 3 s between, begun after 5: 132 s, here told to within 2."""
    page.clock.install()
    opened(page, way_in)
    # From here on only what the test says goes by, however busy the machine is.
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    card = page.locator("article", has_text="hold 10 seconds").first
    card.get_by_role("button", name="Do it with me").click()
    player = page.get_by_role("dialog")
    expect(player.get_by_text("Get ready")).to_be_visible()
    page.clock.run_for(6_000)
    expect(player.locator("[data-part=what]")).to_have_text("Hold")
    expect(player.get_by_text("Time 1 of 10")).to_be_visible()
    player.get_by_role("button", name="Pause").click()
    left = player.locator("[data-part=left]").inner_text()
    page.clock.run_for(60_000)
    assert player.locator("[data-part=left]").inner_text() == left
    player.get_by_role("button", name="Go on").click()
    page.clock.run_for(123_000)
    expect(player.locator("[data-part=what]")).not_to_have_text("That was all. Well done!")
    page.clock.run_for(4_000)
    expect(player.locator("[data-part=what]")).to_have_text("That was all. Well done!")
    player.get_by_role("button", name="I did it").click()
    expect(page.get_by_role("button", name="Take it back").first).to_be_visible()
    assert SessionLog.objects.filter(outcome="done", undone_at=None).count() == 1


def test_the_drawing_moves_with_what_is_counted(page: Page, way_in: str, program: Program) -> None:
    """Into the stretch within 2 s, held there, and back at the change of the side."""
    page.clock.install()
    opened(page, way_in)
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    card = page.locator("article", has_text="hold 10 seconds").first
    card.get_by_role("button", name="Do it with me").click()
    drawing = page.get_by_role("dialog").locator("svg")
    expect(drawing).to_be_visible()
    expect(drawing).to_have_attribute("aria-label", card.locator("img").get_attribute("alt") or "")
    # From the beginning of the first hold (5 s after opening).
    found: dict[int, float] = {}
    for until in (6, 9, 14, 16):
        page.clock.run_for((until - max(found, default=0)) * 1000)
        found[until] = drawing.evaluate("picture => picture.getCurrentTime()")
    assert found == pytest.approx({6: 1, 9: 2, 14: 2, 16: 1}, abs=0.1)
    shot(page, "player")
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    page.clock.run_for(5_000)
    assert drawing.evaluate("picture => picture.getCurrentTime()") == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("lowers", "said"), [(True, ["Down", "Up"]), (False, ["Up", "Down"])])
def test_what_comes_first_is_said_first(
    page: Page, way_in: str, program: Program, lowers: bool, said: list[str]
) -> None:
    """A squat goes down first, a heel raise up."""
    page.clock.install()
    opened(page, way_in)
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    button = page.get_by_role("button", name="Do it with me").first
    timing = {"sets": 1, "reps": 2, "tempo": [3, 0, 3], "lowers": lowers}
    button.evaluate("(button, timing) => { button.dataset.timing = timing; }", json.dumps(timing))
    button.click()
    found = []
    for seconds in (6, 3):
        page.clock.run_for(seconds * 1000)
        found.append(page.locator("[data-part=what]").inner_text())
    assert found == said


def test_nothing_moves_for_who_asked_for_rest(
    browser: Browser, way_in: str, program: Program
) -> None:
    page = browser.new_context(reduced_motion="reduce").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, way_in)
    button = page.get_by_role("button", name="Do it with me").first
    moving = button.get_attribute("data-moving") or ""
    assert moving
    button.click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    assert not [url for url in asked if url.endswith(moving)]


def test_too_painful_stops_and_tells_so(page: Page, way_in: str, program: Program) -> None:
    opened(page, way_in)
    page.get_by_role("button", name="Do it with me").first.click()
    page.get_by_role("button", name="Too painful: stop").click()
    player = page.get_by_role("dialog")
    expect(player.get_by_text("How bad was the pain?")).to_be_visible()
    player.get_by_role("button", name="6").click()
    expect(page.get_by_text("Not done").first).to_be_visible()
    log = SessionLog.objects.get()
    assert (log.outcome, log.reason, log.pain_during) == ("skipped", "pain", 6)


def test_stopped_after_a_set_it_is_done_in_part(page: Page, way_in: str, program: Program) -> None:
    opened(page, way_in)
    button = page.get_by_role("button", name="Do it with me").first
    timing = json.dumps({"sets": 3, "reps": 10})
    button.evaluate("(button, timing) => { button.dataset.timing = timing; }", timing)
    button.click()
    player = page.get_by_role("dialog")
    for said in ("Do it 10 times", "Rest", "Do it 10 times"):
        player.get_by_role("button", name="Next").click()
        expect(player.locator("[data-part=what]")).to_have_text(said)
    player.get_by_role("button", name="Too painful: stop").click()
    player.get_by_role("button", name="7").click()
    expect(page.get_by_text("Done in part").first).to_be_visible()
    log = SessionLog.objects.get()
    assert (log.outcome, log.sets, log.pain_during) == ("partly", 1, 7)


def test_a_session_runs_through_all_of_a_time_of_the_day(
    page: Page, way_in: str, program: Program
) -> None:
    opened(page, way_in)
    expect(page.locator("button[data-session]:visible").first).to_be_visible()
    time = page.locator(".time", has=page.locator("button[data-session]:visible")).first
    names = time.locator("article:has(button[data-timing]) h4").all_inner_texts()
    assert len(names) > 1
    time.get_by_role("button", name="Do all of these with me").click()
    player = page.get_by_role("dialog")
    for name in names:
        expect(player.get_by_role("heading", name=name)).to_be_visible()
        player.get_by_role("button", name="I did it").click()
    expect(player).to_be_hidden()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(len(names))
    assert SessionLog.objects.filter(outcome="done").count() == len(names)


def test_it_works_without_a_script_and_by_keyboard(
    browser: Browser, way_in: str, program: Program
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(way_in)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I did all of them").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take it back").first).to_be_visible()
    assert SessionLog.objects.filter(outcome="done").exists()


def test_it_is_small_and_asks_nobody_else(page: Page, way_in: str, live_server: LiveServer) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # playwright minds a built-in
    opened(page, way_in)
    page.wait_for_load_state("networkidle")
    assert {request.url.startswith(live_server.url) for request in asked} == {True}
    own = [request for request in asked if "/pictures/" not in request.url]
    assert len(own) <= MOST_REQUESTS
    sizes = [request.sizes()["responseBodySize"] for request in own]
    assert sum(sizes) <= MOST_BYTES
    policy = page.request.get(page.url).headers["content-security-policy"]
    assert "unsafe-" not in policy


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_has_a_barrier(
    browser: Browser, packages: Path, way_in: str, live_server: LiveServer, language: str
) -> None:
    """320 px, twice the text, light, dark and forced colours."""
    Patient.objects.update(language=language)
    axe = (packages / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    # The tool is put into the page by the test, which the page's own rules would refuse.
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, bypass_csp=True, locale=language
    )
    page = context.new_page()

    def look(name: str) -> None:
        for details in page.locator("details").all():
            details.evaluate("row => { row.open = true; }")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.emulate_media(color_scheme="light", forced_colors="none")
        found[name] = barriers(page, axe, *TAGS)
        found[f"{name}, wider"] = wider_than_the_screen(page)
        shot(page, f"page-{name}-{language}-light", whole=True)
        # Nothing but colours differs.
        page.emulate_media(color_scheme="dark")
        found[f"{name}, dark"] = barriers(page, axe, *CONTRAST)
        shot(page, f"page-{name}-{language}-dark", whole=True)
        page.emulate_media(color_scheme="light", forced_colors="active")
        found[f"{name}, forced colours"] = barriers(page, axe, *CONTRAST)

    page.goto(way_in)
    look("open")
    page.get_by_role("button").click()
    page.wait_for_url(f"{live_server.url}{TODAY}")
    page.goto(f"{live_server.url}{CONFIRM}")
    look("confirm")
    page.locator("#birth_year").fill("1958")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}{TODAY}")
    look("today")
    for name in ("progress", "settings", "record"):
        page.goto(f"{live_server.url}{reverse(f'page-{name}')}")
        look(name)
    assert {name: rows for name, rows in found.items() if rows} == {}
