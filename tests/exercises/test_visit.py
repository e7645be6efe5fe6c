"""The report for an appointment: what stands on it, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from exercises.models import Clinic, Program, User
from exercises.reads.visit import VisitReport, visit_report
from exercises.services import (
    LogSpec,
    end_program,
    log_session,
    pause_program,
    record_check_in,
    record_groc,
    record_psfs,
    resume_program,
    tell_barrier,
)
from exercises.services.alerts import acknowledge, open_alert
from notifications.messages import keep_message
from tests import factories
from tests.browser import needs_chromium, shot, signed_in_page
from tests.conftest import api_of
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
PAGE = re.compile(rb"/Type\s*/Page\b")


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def at(number: int) -> datetime:
    return MORNING + timedelta(days=number, hours=6)


def live(program: Program, weeks: int) -> None:
    """Pain from 6 down to 3, exercises on two of three days, a word now and then."""
    for number in range(7 * weeks):
        record_check_in(
            program=program, local_date=day(number), score=max(3, 6 - number // 7), source="sms",
            client_id=f"score-{number}", now=at(number), note="ran for the bus" if number == 9 else "",
        )  # fmt: skip  # a call
        if number % 3:
            log_session(
                program=program, local_date=day(number), log=LogSpec("exercise", "done"),
                source="sms", client_id=f"done-{number}", now=at(number),
            )  # fmt: skip  # a call


@pytest.fixture
def program(clinic: Clinic, alice: User) -> Program:
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    live(program, 4)
    for number, what in ((8, "time"), (15, "time"), (22, "boring")):
        tell_barrier(
            program=program, local_date=day(number), what=what, source="sms", now=at(number)
        )
    for number, scores in ((0, (3, 4, 2)), (21, (6, 7, 5))):
        record_psfs(
            program=program, local_date=day(number), recorded_by=alice, now=at(number),
            activities=[
                {"activity": name, "score": score}
                for name, score in zip(("stairs", "standing", "walking"), scores, strict=True)
            ],
        )  # fmt: skip  # a call
    record_groc(program=program, local_date=day(21), rating=5, recorded_by=alice, now=at(21))
    alert = open_alert(patient=program.patient, program=program, reason="rise", detail="5, then 6", now=at(10))  # fmt: skip  # one line
    acknowledge(alert=alert, by=alice, note="Long day at work.", now=at(11))
    keep_message(patient=program.patient, message_id=uuid4(), body="Can I swim?", now=at(12))
    return program


@pytest.fixture
def report(program: Program) -> VisitReport:
    return visit_report(program, on=day(27))


class TestReport:
    """What is on it."""

    def test_pain_by_week_with_its_change(self, report: VisitReport) -> None:
        assert [row.median for row in report.weeks] == [6, 5, 4, 3]
        trend = report.course.first_step
        assert (trend.baseline, trend.current, trend.change, trend.responder) == (6, 3, -3, True)

    def test_days_done_by_week(self, report: VisitReport) -> None:
        assert [(row.done, row.planned) for row in report.weeks] == [(4, 7), (5, 7), (5, 7), (4, 6)]

    def test_each_exercise_since_the_start(self, report: VisitReport) -> None:
        assert report.items
        for row in report.items:
            assert 0 <= row.done <= row.planned
            assert row.percent == round(100 * row.done / row.planned)
        assert any(row.percent > 50 for row in report.items)

    def test_barriers_most_frequent_first(self, report: VisitReport) -> None:
        assert report.barriers == [("No time", 2), ("Boring", 1)]

    def test_measures_with_their_change(self, report: VisitReport) -> None:
        lines = [(row.measure.instrument, float(row.measure.value), row.change) for row in report.measures]  # fmt: skip  # one line
        assert lines == [("psfs", 3, None), ("psfs", 6, 3), ("groc", 5, None)]

    def test_alerts_with_the_note_that_closed_them(self, report: VisitReport) -> None:
        assert [(row.on, row.alert.reason, row.alert.note) for row in report.alerts] == [
            (day(10), "rise", "Long day at work.")
        ]

    def test_the_patients_own_words(self, report: VisitReport) -> None:
        said = {(row.words, row.where): row.on for row in report.said}
        assert said["ran for the bus", "with a score"] == day(9)
        assert said["Can I swim?", "to the clinic"] == day(12)

    def test_another_clinic_reads_only_what_was_written_to_it(self, program: Program) -> None:
        other = factories.program()
        keep_message(patient=other.patient, message_id=uuid4(), body="Mine alone", now=at(12))
        assert "Mine alone" not in {row.words for row in visit_report(program, on=day(27)).said}

    def test_every_open_alert_stands_there_however_old(self, program: Program) -> None:
        open_alert(patient=program.patient, program=program, reason="harm", detail="", now=at(-1))
        report = visit_report(program, on=day(200))
        assert [row.alert.reason for row in report.alerts] == ["harm"]
        # On the patient's calendar.
        assert report.alerts[0].on == day(-1)

    def test_after_its_end_nothing_was_to_be_done(self, program: Program) -> None:
        end_program(program=program, now=at(21))
        report = visit_report(program, on=day(56))
        assert [(row.done, row.planned) for row in report.weeks][2:] == [(5, 7)] + [(0, 0)] * 6
        assert all(row.planned <= 21 * 3 for row in report.items)

    def test_nor_while_an_alert_held_it(self, program: Program, alice: User) -> None:
        alert = open_alert(patient=program.patient, program=program, reason="red_flag", detail="", now=at(7))  # fmt: skip  # one line
        acknowledge(alert=alert, by=alice, note="Seen.", now=at(13))
        assert [row.planned for row in visit_report(program, on=day(27)).weeks] == [7, 0, 7, 6]

    def test_nor_while_it_paused(self, clinic: Clinic) -> None:
        program = factories.program(factories.PatientFactory.create(clinic=clinic))
        with time_machine.travel(at(7), tick=False):
            pause_program(program=program)
        with time_machine.travel(at(14), tick=False):
            program.refresh_from_db()
            resume_program(program=program, now=at(14))
        report = visit_report(program, on=day(20))
        assert [row.planned for row in report.weeks] == [7, 0, 6]

    def test_before_its_start_nothing_was_missed(self) -> None:
        program = factories.program()
        report = visit_report(program, on=day(-3))
        assert (report.weeks, report.items) == ([], [])

    def test_a_day_done_in_part_is_said_so(self) -> None:
        program = factories.program()
        log_session(
            program=program, local_date=day(0), log=LogSpec("exercise", "partly"), source="sms",
            client_id="a", now=at(0),
        )  # fmt: skip  # a call
        (week,) = visit_report(program, on=day(3)).weeks
        assert (week.done, week.partly, week.planned) == (0, 1, 3)

    @pytest.mark.parametrize("on", [0, 1])
    def test_on_the_first_days_nothing_is_made_up(self, on: int) -> None:
        report = visit_report(factories.program(), on=day(on))
        assert report.course.first_step.baseline is None
        assert [row.median for row in report.weeks] == [None]
        assert (report.said, report.measures, report.barriers) == ([], [], [])

    def test_a_longer_program_shows_its_newest_half_year(self, program: Program) -> None:
        report = visit_report(program, on=day(300))
        # Whole weeks of the program, or the first would miss some of its days.
        assert report.since == report.weeks[0].first == day(7 * 17)
        assert len(report.weeks) == 26


def test_it_costs_the_same_however_much_there_is(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(24):
        visit_report(program, on=day(7))
    with django_assert_num_queries(24):
        visit_report(program, on=day(27))


@time_machine.travel(datetime(2026, 3, 30, 16, tzinfo=UTC), tick=False)
def test_the_api_tells_the_same(program: Program, alice: User) -> None:
    told = api_of(alice).get(f"/api/v1/programs/{program.pk}/visit-report/").json()
    report = visit_report(program, on=day(27))
    assert (told["since"], told["until"]) == ("2026-03-03", "2026-03-30")
    assert [(row["done"], row["planned"]) for row in told["weeks"]] == [
        (row.done, row.planned) for row in report.weeks
    ]
    assert told["barriers"] == [{"what": "No time", "weeks": 2}, {"what": "Boring", "weeks": 1}]
    assert {row["words"] for row in told["said"]} == {row.words for row in report.said}
    assert told["measures"][1]["change"] == 3


@time_machine.travel(datetime(2026, 3, 30, 16, tzinfo=UTC), tick=False)
def test_the_page_has_it_and_leads_back(program: Program, admin_of_alice: Client) -> None:
    record = admin_of_alice.get(
        reverse("admin:exercises_patient_record", args=[program.patient_id])
    )
    url = reverse("admin:exercises_program_visit", args=[program.pk])
    assert url in record.content.decode()
    shown = admin_of_alice.get(url).content.decode()
    for words in ("Can I swim?", "ran for the bus", "No time: 2 weeks", "a response", "6 (+3)", "Long day at work."):  # fmt: skip  # one line
        assert words in shown
    assert reverse("admin:exercises_patient_record", args=[program.patient_id]) in shown


@needs_chromium
@time_machine.travel(datetime(2026, 3, 30, 16, tzinfo=UTC), tick=True)
def test_it_prints_on_two_sheets(
    program: Program, admin_of_alice: Client, live_server: LiveServer, browser: Browser
) -> None:
    page = signed_in_page(browser, admin_of_alice, live_server)
    url = reverse("admin:exercises_program_visit", args=[program.pk])
    page.goto(f"{live_server.url}{url}")
    expect(page.get_by_role("heading", name="Week by week")).to_be_visible()
    shot(page, "visit", whole=True)
    assert len(PAGE.findall(page.pdf(format="Letter"))) <= 2
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "visit-phone", whole=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_nobody_elses_program_is_found(admin_of_alice: Client) -> None:
    other = factories.program()
    url = reverse("admin:exercises_program_visit", args=[other.pk])
    assert admin_of_alice.get(url).status_code == 404
