"""A provider's day in a browser, every page looked at on wide and narrow screens, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from exercises.models import Authenticator, Patient, Program, Proposal, User
from exercises.reads.versions import program_phases
from exercises.services import record_check_in, record_treatment
from exercises.services.alerts import open_alert
from exercises.services.care import TreatmentSpec
from notifications.demo_data import demo_zones
from notifications.incoming import inbound, inbox
from notifications.models import InboundMessage, InboxItem, OutboundMessage
from notifications.offers import offer
from notifications.outgoing import due, sending
from tests import factories
from tests.browser import barriers, needs_chromium, shot, sign_in, wider_than_the_screen
from tests.factories import PASSWORD
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually

pytestmark = [
    pytest.mark.long,
    needs_chromium,
    # Twenty-two pages in three looks each, on a machine that has other work.
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
NORA = "+14155550143"
DAY = timedelta(days=1)
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
# The theme reads the colours somebody likes once, as a page begins; here it has begun.
TURN = "dark => document.documentElement.classList.toggle('dark', dark)"


@pytest.fixture
def awake() -> str:
    """A US zone in which it is daytime now."""
    return demo_zones(timezone.now())[0]


@pytest.fixture
def program(maria: Patient, alice: User) -> Program:
    """Maria's fifth week: scores, care, a conversation, an alert and a proposal."""
    now = timezone.now()
    began = now - 28 * DAY
    program = factories.program(maria, now=began)
    Program.objects.filter(pk=program.pk).update(assigned_by=alice, heard_at=now - 4 * DAY)
    for day in range(28):
        record_check_in(
            program=program, local_date=program.start_date + day * DAY,
            score=max(2, 7 - day // 5), source="sms", client_id=str(day), now=began + day * DAY,
        )  # fmt: skip  # a row
    record_treatment(
        patient=maria, local_date=program.start_date + 10 * DAY,
        treatment=TreatmentSpec(("dry_needling",), ("soleus",)), treated_by=alice, now=now,
    )  # fmt: skip  # a row
    asked = factories.asked(program, at=now - DAY)
    OutboundMessage.objects.filter(pk=asked.pk).update(
        body="Hi Maria, Bay Foot here. How were your first steps today? Reply a number, 0 to 10."
    )
    reply = factories.received("My foot is numb", maria, at=now - DAY + timedelta(minutes=5))
    InboundMessage.objects.filter(pk=reply.pk).update(patient=maria)
    inbox.stand_unread(reply, None, [maria], now=now)
    open_alert(patient=maria, program=program, reason="red_flag", now=now - timedelta(hours=2))
    phases = [phase.model_dump(mode="json") for phase in program_phases(program)]
    phases[1]["items"][0]["reps"] = 12
    Proposal.objects.create(
        program=program, kind="progress", reasons=["The last 3 sessions were all done."],
        changes=phases, version=1, local_date=factories.local_today(),
    )  # fmt: skip  # a row
    return program


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A wide page that fails the test when a script or a rule of the page's own fails."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def code_of(user: User, *, later: int = 0) -> str:
    """What the user's app shows, or shows `later` steps from now: each code counts once."""
    generator = TOTP(Authenticator.objects.get(user=user).secret, drift=later)
    return f"{generator.token():06d}"


def turn_on_second_step(page: Page, live_server: LiveServer, user: User) -> None:
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}{reverse('second-step')}")
    shot(page, "second-step")
    page.locator("input[name=code]").fill(code_of(user))
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("They are not shown again.")).to_be_visible()
    # An answer still on its way would put its cookie beside the next form's token.
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def add_patient(page: Page, live_server: LiveServer, zone: str) -> None:
    """One page: who it is, that they agreed, and on to the program."""
    page.locator(f"nav a[href='{reverse('admin:exercises_patient_changelist')}']").first.click()
    page.locator(f"a[href*='{reverse('admin:exercises_patient_add')}']").first.click()
    page.locator("input[name=first_name]").fill("Nora")
    page.locator("input[name=last_name]").fill("Berg")
    page.locator("input[name=phone]").fill(NORA)
    page.locator("select[name=time_zone]").select_option(zone)
    page.locator("input[name=texts_from]").fill("05:00")
    page.locator("input[name=texts_until]").fill("23:00")
    page.locator("input[name=texts_hours_asked]").fill("I get up at five.")
    page.locator("select[name=agreed]").select_option("spoken")
    shot(page, "new-patient", whole=True)
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("1 · What did you find?")).to_be_visible()


def assign(page: Page, zone: str) -> None:
    # Later than two slow pages take on a busy machine: a time that is past is for tomorrow.
    soon = timezone.now().astimezone(ZoneInfo(zone)) + timedelta(seconds=30)
    for sign in ("Worst at the first steps", "Pain at the inner side", "Tender where"):
        page.get_by_label(sign).check()
    page.locator("select[name=side]").select_option("left")
    page.locator("input[name=start_date]").fill(soon.strftime("%Y-%m-%d"))
    page.locator("input[name=check_in_time]").fill(soon.strftime("%H:%M:%S"))
    page.locator("input[name=nudge_time]").fill("")
    page.get_by_role("button", name="Look at week 1 and the texts").click()
    expect(page.get_by_text("Texts of the first days")).to_be_visible()
    shot(page, "assign", whole=True)
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("Nora has the program.")).to_be_visible()


def tick(simulator: SimulatedTwilio, phone: str, count: int) -> Any:
    """What beat and the workers do, until the phone has `count` texts."""

    def texts() -> list[str] | None:
        try:
            due.write_due(now=timezone.now())
            inbound.read_inbound(now=timezone.now())
            sending.send_waiting(clock=timezone.now)
        finally:
            connections.close_all()
        found = simulator.texts_to(phone)
        return found if len(found) >= count else None

    # In a thread of its own: the browser's event loop runs in this one.
    with ThreadPoolExecutor(1) as worker:
        return eventually(lambda: worker.submit(texts).result(), seconds=120)


def test_the_day_of_a_provider(
    page: Page,
    live_server: LiveServer,
    simulator: SimulatedTwilio,
    alice: User,
    program: Program,
    awake: str,
) -> None:
    turn_on_second_step(page, live_server, alice)
    sign_in(page, live_server, alice, code_of(alice, later=1))

    # The alert is read, answered and closed with two clicks, on the page one starts with.
    alert = page.locator("li", has_text="Red-flag words in a text")
    expect(page.get_by_text("My foot is numb").first).to_be_visible()
    alert.get_by_text("Answer or close").click()
    alert.get_by_label("Text to").fill("Please call us when you read this.")
    alert.get_by_label("Note").fill("Called her: she comes in today.")
    shot(page, "today", whole=True)
    alert.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("Closed: ")).to_be_visible()
    assert program.alerts.get().acknowledged_by == alice

    # The proposal.
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Progress one step").click()
    expect(page.get_by_text("reps 10 → 12")).to_be_visible()
    page.get_by_label("Accept").check()
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    program.refresh_from_db()
    assert program.version == 2

    # A new patient, their first text, their answer, and the chart.
    add_patient(page, live_server, awake)
    assign(page, awake)
    first = tick(simulator, NORA, 2)
    assert any("Hi Nora, Bay Foot here." in text for text in first)
    simulator.text_from(NORA, "6")
    answered = tick(simulator, NORA, 3)
    assert answered[-1].startswith("Thank you, Nora.")
    page.reload()
    expect(page.get_by_text("Thank you, Nora.")).to_be_visible()
    page.get_by_text("The figures behind the chart").click()
    expect(page.locator(".told").first).to_contain_text("6")
    assert [
        value
        for value in page.evaluate("Chart.getChart(document.querySelector('canvas')).data.datasets[0].data")
        if value is not None
    ] == [6]  # fmt: skip  # a line of script
    shot(page, "patient-answered", whole=True)

    # She asks something: the page that is open says so by itself, and somebody answers.
    simulator.text_from(NORA, "Can I swim with this?")
    tick(simulator, NORA, 4)
    menu = page.locator('#nav-sidebar a[href="/admin/notifications/inboxitem/"]').first
    expect(menu).to_contain_text("2", timeout=5_000)
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    menu.click()
    expect(page.get_by_text("Can I swim with this?")).to_be_visible()
    page.get_by_role("link", name="Nora Berg (unread)").click()
    page.get_by_label("Answer Nora").fill("Yes, swimming is fine.")
    shot(page, "inbox-answer", whole=True)
    page.get_by_role("button", name="Send as a text").click()
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
    expect(page.get_by_text("Can I swim with this?")).to_have_count(0)
    assert tick(simulator, NORA, 5)[-1] == "Bay Foot: Yes, swimming is fine."


def pages(program: Program) -> dict[str, str]:
    """Every page a provider's day has."""
    patient = program.patient
    alert, proposal = program.alerts.get(), program.proposals.get()
    review = program.reviews.first()
    assert review is not None
    return {
        "start": reverse("admin:index"),
        "inbox": reverse("admin:notifications_inboxitem_changelist"),
        "message": reverse(
            "admin:notifications_inboxitem_change", args=[InboxItem.objects.get(patient=patient).pk]
        ),
        "patients": reverse("admin:exercises_patient_changelist"),
        "patient": reverse("admin:exercises_patient_record", args=[patient.pk]),
        "patient-edit": reverse("admin:exercises_patient_change", args=[patient.pk]),
        "import": reverse("admin:exercises_patient_import_patients"),
        "texts-ahead": reverse("admin:exercises_patient_texts_ahead", args=[patient.pk]),
        "assign": f"{reverse('admin:exercises_program_add')}?patient={patient.pk}",
        "change": reverse("admin:exercises_program_change_items", args=[program.pk]),
        "handout": reverse("admin:exercises_program_handout", args=[program.pk]),
        "visit": reverse("admin:exercises_program_visit", args=[program.pk]),
        "join": _joining(patient),
        "alerts": reverse("admin:exercises_alert_changelist"),
        "alert": reverse("admin:exercises_alert_change", args=[alert.pk]),
        "proposal": reverse("admin:exercises_proposal_change", args=[proposal.pk]),
        "review": reverse("admin:exercises_review_change", args=[review.pk]),
        "messages": reverse("admin:notifications_outboundmessage_changelist"),
        "check-ins": reverse("admin:exercises_checkin_changelist"),
        "clinic": reverse("admin:exercises_clinic_change", args=[patient.clinic_id]),
        "outcomes": reverse("admin:exercises_clinic_outcomes", args=[patient.clinic_id]),
        "wording": reverse("admin:notifications_clinicwording_add"),
        "second-step": reverse("second-step"),
    }


def _joining(patient: Patient) -> str:
    """The page on which words of consent are shown to somebody who has not agreed yet."""
    new = factories.PatientFactory.create(
        clinic=patient.clinic, first_name="Rosa", language="es", phone="+14155550188"
    )
    offer(patient=new, by=patient.clinic.providers.all()[0].user, now=timezone.now())
    return reverse("admin:exercises_patient_join", args=[new.pk])


def test_no_page_has_a_serious_barrier(
    browser: Browser, packages: Path, live_server: LiveServer, alice: User, program: Program
) -> None:
    """Wide and narrow; what is dark is looked at wide, where nothing but colours differs."""
    alice.providers.update(role="clinic_admin")
    axe = (packages / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    # The tool is put into the page by the test, which the page's own rules would rightly refuse.
    page = browser.new_context(bypass_csp=True).new_page()
    sign_in(page, live_server, alice)
    found: dict[str, Any] = {}
    for name, address in pages(program).items():
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(WIDE)
        page.goto(f"{live_server.url}{address}")
        found[f"{name} wide"] = barriers(page, axe, at_least="serious")
        found[f"{name} wide, wider"] = wider_than_the_screen(page)
        shot(page, f"{name}-wide-light", whole=True)
        page.emulate_media(color_scheme="dark")
        page.evaluate(TURN, True)
        found[f"{name} dark"] = barriers(page, axe, "color-contrast")
        shot(page, f"{name}-wide-dark", whole=True)
        page.emulate_media(color_scheme="light")
        page.evaluate(TURN, False)
        page.set_viewport_size(NARROW)
        found[f"{name} narrow"] = barriers(page, axe, at_least="serious")
        found[f"{name} narrow, wider"] = wider_than_the_screen(page)
        shot(page, f"{name}-narrow-light", whole=True)
    assert {name: rows for name, rows in found.items() if rows} == {}
