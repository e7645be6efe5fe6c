"""Debian's Chromium for tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from exercises.models import User
from hep.env import REPOSITORY
from tests.factories import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium; on Debian: apt-get install chromium"
)
# Where a screenshot of each page is left, to be looked at.
SCREENSHOTS = REPOSITORY / "build" / "screenshots"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def signed_in_page(browser: Browser, client: Client, live_server: LiveServer) -> Page:
    """A page with the session of a client that is signed in."""
    context = browser.new_context()
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def sign_in(page: Page, live_server: LiveServer, user: User, code: str = "") -> None:
    """Sign a provider in as people do, up to the start page."""
    page.goto(f"{live_server.url}/admin/")
    page.locator("input[name=username]").fill(str(user.email))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Open alerts")).to_be_visible()


def shot(page: Page, name: str, *, whole: bool = False) -> Path:
    """Leave a screenshot of the page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    return path
