"""Debian's Chromium for tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
# Where a screenshot of each page is left, to be looked at, when HEP_SCREENSHOTS asks for them.
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


def shot(page: Page, name: str, *, whole: bool = False) -> None:
    """Leave a screenshot of the page for `make screenshots`; each costs a second."""
    if os.environ.get("HEP_SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


def barriers(page: Page, axe: str, *rules: str, at_least: str = "minor") -> list[Any]:
    """What axe-core finds on the page as it looks now, by rules or tags (all without any).

    `axe` is the tool's script, which the page's own policy has to be told to let through.
    """
    # Colours that still change are none yet.
    page.evaluate(
        "Promise.all(document.getAnimations().filter(one => one instanceof CSSTransition)"
        ".map(one => one.finished.catch(() => null)))"
    )
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(content=axe)
    report = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], ...rules})",
        {"runOnly": list(rules)} if rules else {},
    )
    impacts = ["minor", "moderate", "serious", "critical"]
    return [
        (row["id"], [node["html"][:150] for node in row["nodes"]][:4], row["nodes"][0]["any"][:1])
        for row in report["violations"]
        if impacts.index(row["impact"]) >= impacts.index(at_least)
    ]


def wider_than_the_screen(page: Page) -> int:
    """By how many pixels; 0 where nothing has to be moved sideways."""
    width: int = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
    return width
