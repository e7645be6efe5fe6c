"""The whole path with real processes: the README's curl session, and a browser in the admin."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
import requests
from playwright.sync_api import Page, expect

from hep.env import REPOSITORY
from notifications.demo_data import demo_zones
from tests.browser import needs_chromium, open_browser, shot
from tests.flows.running_demo import RunningDemo
from tests.waiting import eventually

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that runs for all tests of this file."""
    running = RunningDemo(tmp_path_factory.mktemp("demo"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    """A page in Debian's Chromium."""
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(20_000)
        yield page


def texts_on(demo: RunningDemo, phone: str) -> list[str]:
    rows = requests.get(f"{demo.phones}/phones/{phone}/messages", timeout=5).json()
    return [row["body"] for row in rows if row["who"] == "clinic"]


def test_the_demo_patient_is_asked_with_nobody_touching_anything(demo: RunningDemo) -> None:
    texts = eventually(lambda: texts_on(demo, "+14155550111"), seconds=60)
    assert "Maria" in texts[0]
    eventually(lambda: "delivered" in demo.log.read_text())
    log = demo.log.read_text()
    for step in ("notifications.due due", "accepted", "delivered"):
        assert step in log
    assert "+1415" not in log
    assert "Maria" not in log


def test_the_readmes_curl_session_works_as_written(demo: RunningDemo) -> None:
    readme = (REPOSITORY / "README.md").read_text()
    session = re.search(r"## A first session with curl.*?```sh\n(.*?)```", readme, re.DOTALL)
    assert session is not None
    script = session[1].replace("http://localhost:8000", demo.web)
    script = script.replace("http://localhost:8001", demo.phones)
    script = script.replace(".venv/bin/python", sys.executable)
    result = subprocess.run(  # noqa: S603  # the README's own text
        ["bash", "-eu", "-c", f'AUTH=""\n{script}'],  # noqa: S607  # found on PATH
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    last = result.stdout.strip().splitlines()[-1]
    assert '"score":6' in last
    assert '"source":"sms"' in last
    # The score is on record before its answer has left.
    eventually(lambda: texts_on(demo, "+14155550142")[-1].startswith("Thank you, Ben."))
    assert "home program texts" in texts_on(demo, "+14155550142")[0]


@needs_chromium
def test_a_provider_does_the_whole_path_in_a_browser(demo: RunningDemo, page: Page) -> None:
    sign_in(demo, page)
    add_patient(demo, page)
    record_consent(demo, page)
    soon = assign_program(demo, page)

    page.goto(f"{demo.phones}/#+14155550143")
    bubble = page.locator("#bubbles .clinic")
    expect(bubble.last).to_contain_text("Hi Nora, Bay Foot here.", timeout=60_000)
    assert datetime.now(UTC) >= soon.astimezone(UTC)
    page.get_by_label("Reply as this phone").fill("6")
    page.keyboard.press("Enter")
    expect(bubble.last).to_contain_text("Thank you, Nora.")
    shot(page, "phones")

    page.goto(f"{demo.web}/admin/exercises/checkin/?q=Nora")
    row = page.locator("#result_list tbody tr", has_text="Nora Berg")
    expect(row).to_have_count(1)
    expect(row.locator(".field-score")).to_have_text("6")
    expect(row.locator(".field-source")).to_have_text("Text message")
    shot(page, "check-ins")


@needs_chromium
def test_a_red_flag_is_answered_and_the_provider_closes_its_alert(
    demo: RunningDemo, page: Page
) -> None:
    james = "+14155550112"
    body = {"body": "I felt a pop in my heel", "to": "+14155550100"}
    requests.post(f"{demo.phones}/phones/{james}/messages", json=body, timeout=5)
    answer = eventually(lambda: texts_on(demo, james), seconds=60)
    assert answer[0].startswith("This is an automatic answer. Stop your exercises.")

    sign_in(demo, page)
    page.get_by_role("link", name="Alerts").first.click()
    row = page.locator("#result_list tbody tr", has_text="James Baker")
    expect(row).to_contain_text("Red-flag words in a text")
    shot(page, "alerts")
    row.get_by_role("link").first.click()
    expect(page.get_by_text("I felt a pop in my heel")).to_be_visible()
    page.get_by_label("Note").fill("Called him: he comes in today.")
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(row).to_have_count(0)


def sign_in(demo: RunningDemo, page: Page) -> None:
    page.goto(f"{demo.web}/admin/")
    page.locator("input[name=username]").fill("demo@example.org")
    page.locator("input[name=password]").fill("demo")
    shot(page, "sign-in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Patients").first).to_be_visible()
    shot(page, "start")


def add_patient(demo: RunningDemo, page: Page) -> None:
    page.goto(f"{demo.web}/admin/exercises/patient/add/")
    page.locator("input[name=first_name]").fill("Nora")
    page.locator("input[name=last_name]").fill("Berg")
    page.locator("input[name=phone]").fill("+1 415 555 0143")
    page.locator("select[name=time_zone]").select_option(zone())
    page.locator("input[name=texts_from]").fill("05:00")
    page.locator("input[name=texts_until]").fill("23:00")
    page.locator("input[name=texts_hours_asked]").fill("I get up at five.")
    shot(page, "patient-add")
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    shot(page, "patients")


def record_consent(demo: RunningDemo, page: Page) -> None:
    page.get_by_role("link", name="Nora Berg").first.click()
    page.get_by_role("link", name="Record consent").click()
    expect(page.locator("select[name=patient] option:checked")).to_have_text("Nora Berg")
    shot(page, "consent-add")
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def assign_program(demo: RunningDemo, page: Page) -> datetime:
    page.goto(f"{demo.web}/admin/exercises/patient/?q=Nora")
    page.get_by_role("link", name="Nora Berg").first.click()
    shot(page, "patient")
    page.get_by_role("link", name="Assign a program").click()
    soon = datetime.now(ZoneInfo(zone())) + timedelta(seconds=20)
    page.locator("select[name=template]").select_option(label="Plantar fasciitis, 12 weeks")
    page.locator("input[name=start_date]").fill(soon.strftime("%Y-%m-%d"))
    page.locator("select[name=side]").select_option("left")
    page.locator("input[name=check_in_time]").fill(soon.strftime("%H:%M:%S"))
    shot(page, "assign")
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    return soon.replace(microsecond=0)


def zone() -> str:
    return demo_zones(datetime.now(UTC))[0]


def test_ctrl_c_leaves_no_process_behind_and_a_second_demo_is_told(tmp_path: Path) -> None:
    demo = RunningDemo(tmp_path)
    try:
        demo.start()
        children = demo.children()
        assert len(children) >= 4
        second = subprocess.run(  # our own command
            [sys.executable, "-m", "hep.demo"],
            cwd=REPOSITORY,
            env=demo.environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 1
        assert "already" in second.stderr
        assert demo.interrupt() == 0
        assert psutil.wait_procs(children, timeout=10)[1] == []
    finally:
        demo.stop()
