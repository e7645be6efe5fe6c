"""The caseload: what waits, and how it goes by week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exercises.models import Alert, CheckIn, Patient, Program, Review, SessionLog, User
from exercises.reads import caseload
from exercises.services import LogSpec, end_program, log_session, record_check_in
from exercises.services.alerts import acknowledge, open_alert
from notifications.models import OutboundMessage
from tests import factories

pytestmark = pytest.mark.django_db
START = reverse("admin:index")
# A Tuesday three weeks after MORNING: three whole calendar weeks lie between.
LATER = factories.MORNING + timedelta(weeks=3)
TODAY = factories.TODAY + timedelta(weeks=3)


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun on Tuesday 3 March."""
    return factories.program(maria)


def score(program: Program, day: int, value: int) -> None:
    record_check_in(
        program=program,
        local_date=program.start_date + timedelta(days=day),
        score=value,
        source=CheckIn.Source.APP,
        client_id=f"day-{day}",
        now=LATER,
    )


def done(program: Program, day: int) -> None:
    log_session(
        program=program,
        local_date=program.start_date + timedelta(days=day),
        log=LogSpec(SessionLog.Kind.EXERCISE, SessionLog.Outcome.DONE),
        source=CheckIn.Source.APP,
        client_id=f"log-{day}",
        now=LATER,
    )


class TestWeeks:
    """Median pain and days done, by calendar week."""

    def test_the_median_takes_four_scores(self, program: Program, alice: User) -> None:
        for day, value in ((0, 7), (1, 3), (2, 6), (3, 5), (6, 9), (7, 9), (8, 9)):
            score(program, day, value)
        weeks = caseload.caseload_weeks(alice, on=TODAY)
        # Monday 2 March holds days 0 to 5; the week after has three scores, too few.
        assert [week.pain for week in weeks[-4:]] == [5.5, None, None, None]
        assert weeks[-4].monday.isoformat() == "2026-03-02"

    def test_a_day_counts_once_of_the_days_the_program_ran(
        self, program: Program, alice: User
    ) -> None:
        done(program, 0)
        done(program, 1)
        log = SessionLog.objects.earliest("pk")
        SessionLog.objects.create(
            program=program, kind="exercise", local_date=log.local_date, outcome="done",
            source="app", client_id="again",
        )  # fmt: skip  # a row
        weeks = caseload.caseload_weeks(alice, on=TODAY)
        assert weeks[-5].done is None
        # From Tuesday to Sunday are six days.
        assert weeks[-4].done == pytest.approx(2 / 6)
        # The week of today counts up to today.
        done(program, 21)
        assert caseload.caseload_weeks(alice, on=TODAY)[-1].done == pytest.approx(1 / 2)

    def test_ended_programs_and_other_clinics_do_not_count(
        self, program: Program, alice: User, bob: User
    ) -> None:
        done(program, 0)
        assert caseload.caseload_weeks(bob, on=TODAY)[-4].done is None
        end_program(program=program)
        assert caseload.caseload_weeks(alice, on=TODAY)[-4].done is None


class TestWaiting:
    """Who needs somebody."""

    def test_the_worst_alert_comes_first_then_the_oldest(
        self, program: Program, alice: User
    ) -> None:
        for hours, reason in ((3, "silent_3"), (2, "rise"), (1, "silent_7"), (0, "red_flag")):
            open_alert(
                patient=program.patient, program=program, reason=reason,
                now=LATER - timedelta(hours=hours),
            )  # fmt: skip  # a row
        found = caseload.open_alerts(alice)
        assert [alert.reason for alert in found.rows] == [
            "red_flag", "rise", "silent_7", "silent_3",
        ]  # fmt: skip  # a list
        assert (found.count, found.more) == (4, 0)

    def test_quiet_is_an_open_alert_about_silence(self, program: Program, alice: User) -> None:
        # Days without a question are no silence: somebody asked on Mondays answers on Mondays.
        Program.objects.update(heard_at=LATER - timedelta(days=6))
        assert caseload.quiet_programs(alice).count == 0
        alert = open_alert(patient=program.patient, program=program, reason="silent_3", now=LATER)
        assert caseload.quiet_programs(alice).rows == [program]
        acknowledge(alert=alert, by=alice, note="Called.", now=LATER)
        assert caseload.quiet_programs(alice).count == 0

    def test_reviews_and_proposals_of_the_clinic(
        self, program: Program, alice: User, bob: User
    ) -> None:
        assert [row.week for row in caseload.due_reviews(alice, on=TODAY).rows] == [2]
        assert caseload.due_reviews(bob, on=TODAY).count == 0
        Review.objects.filter(week=2).update(done_at=LATER)
        assert caseload.due_reviews(alice, on=TODAY).count == 0


class TestThePage:
    """What a provider sees first."""

    def test_it_names_who_waits_and_counts_the_texts(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        now = timezone.now()
        open_alert(patient=program.patient, program=program, reason="red_flag", now=now)
        for slot, status in enumerate(("delivered", "unknown", "undelivered", "sent")):
            factories.asked(program, at=now, slot=slot, status=status)
        for slot, reason in ((4, "answered"), (5, "no_sender"), (6, "wording")):
            row = factories.asked(program, at=now, slot=slot, status="skipped")
            OutboundMessage.objects.filter(pk=row.pk).update(skip_reason=reason)
        page = admin_of_alice.get(START)
        text = " ".join(page.content.decode().split())
        assert "Red-flag words in a text" in text
        for term, number in (
            ("Delivered", 1),
            ("Unknown", 1),
            ("Failed", 1),
            ("On the way", 1),
            ("Not needed", 1),
            ("Not sent", 2),
        ):
            assert f"<dt>{term}</dt><dd>{number}</dd>" in text

    def test_another_clinic_sees_none_of_it(self, bob: User, program: Program) -> None:
        open_alert(patient=program.patient, program=program, reason="red_flag", now=timezone.now())
        admin = Client()
        admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        text = admin.get(START).content.decode()
        assert "Maria" not in text
        assert "Nobody needs you right now." in text

    @pytest.mark.parametrize("patients", [10, 1000])
    def test_the_number_of_queries_does_not_grow(
        self,
        admin_of_alice: Client,
        program: Program,
        patients: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        factories.crowd(program.patient.clinic, patients)
        admin_of_alice.get(START)
        assert Alert.objects.count() == OutboundMessage.objects.count() == patients
        with django_assert_num_queries(START_QUERIES):
            admin_of_alice.get(START)


# Session, user, clinic's clock and roles 5, badges 2, what waits 10, weeks 3, texts 2, the look 2.
START_QUERIES = 25
