"""Alerts: one open at a time, closed with a note, late ones escalated."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from exercises.admin.alerts import open_alerts_badge
from exercises.models import Alert, Clinic, Patient, Program, Schedule, User
from exercises.rules.recurrence import TAPER
from exercises.rules.urgency import Urgency
from exercises.services import (
    LogSpec,
    ScheduleSpec,
    change_schedule,
    log_session,
    pause_program,
    programs,
    record_check_in,
    resume_due,
    watch_due,
)
from exercises.services.alerts import acknowledge, escalate, open_alert
from hep.errors import ConflictError, InvalidInputError
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING, TODAY
from tests.waiting import eventually

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def opened(patient: Patient, reason: str = "red_flag") -> Alert:
    return open_alert(patient=patient, program=None, reason=reason, now=CHECK_IN_AT)


def test_the_same_reason_again_counts_on_the_open_alert(maria: Patient, alice: User) -> None:
    first = opened(maria)
    second = open_alert(
        patient=maria, program=None, reason="red_flag", now=CHECK_IN_AT + timedelta(hours=1)
    )
    assert (first.pk, second.times) == (second.pk, 2)
    assert second.last_at == CHECK_IN_AT + timedelta(hours=1)
    acknowledge(alert=second, by=alice, note="Seen.", now=CHECK_IN_AT)
    assert opened(maria).pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_many_at_once_open_one(maria: Patient) -> None:
    start = threading.Barrier(8)

    def work() -> None:
        start.wait(timeout=20)
        try:
            opened(maria)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Alert.objects.get().times == 8


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_an_alert_is_being_closed_opens_another(
    maria: Patient, alice: User
) -> None:
    """Not one more on a closed alert, of which nobody would ever hear."""
    first = opened(maria)
    arrived = threading.Event()

    def come() -> None:
        arrived.set()
        try:
            opened(maria)
        finally:
            connection.close()

    later = threading.Thread(target=come)
    with transaction.atomic():
        acknowledge(alert=first, by=alice, note="Seen.", now=CHECK_IN_AT)
        later.start()
        assert arrived.wait(timeout=20)
        eventually(_somebody_waits_for_a_lock, seconds=20)
    later.join(timeout=30)
    first.refresh_from_db()
    assert first.times == 1
    assert Alert.objects.filter(acknowledged_at=None).count() == 1


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("later", "detail"),
    [
        (Urgency.REVIEW, "chest; foot"),
        (Urgency.EMERGENCY, "chest; foot"),
        (Urgency.CRISIS, "foot; chest"),
    ],
)
def test_signs_add_up_the_worst_first(maria: Patient, later: Urgency, detail: str) -> None:
    for urgency, words in ((Urgency.EMERGENCY, "chest"), (later, "foot")):
        open_alert(
            patient=maria, program=None, reason="red_flag", now=CHECK_IN_AT, detail=words,
            urgency=urgency,
        )  # fmt: skip  # a call
    assert Alert.objects.get().detail == detail


def test_an_alert_of_an_older_release_stops_none_behind_it(maria: Patient) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    for patient in (maria, tom):
        opened(patient)
    late = CHECK_IN_AT + timedelta(days=1)
    Alert.objects.update(deadline=CHECK_IN_AT)
    Alert.objects.filter(patient=maria).update(urgency="", told_from=None)
    assert len(escalate(now=late)) == 2


def test_closing_needs_a_note_and_happens_once(maria: Patient, alice: User) -> None:
    alert = opened(maria)
    with pytest.raises(InvalidInputError) as refused:
        acknowledge(alert=alert, by=alice, note="  ", now=CHECK_IN_AT)
    assert refused.value.field == "note"
    acknowledge(alert=alert, by=alice, note="Called her.", now=CHECK_IN_AT)
    with pytest.raises(ConflictError):
        acknowledge(alert=alert, by=alice, note="Me too.", now=CHECK_IN_AT)
    alert.refresh_from_db()
    assert (alert.note, alert.acknowledged_by) == ("Called her.", alice)


def test_each_circle_of_an_open_alert_comes_once_and_none_of_a_closed_one(
    maria: Patient, alice: User
) -> None:
    critical, low = opened(maria), opened(maria, "silent_3")
    closed = opened(maria, "worst_pain")
    acknowledge(alert=closed, by=alice, note="Seen.", now=CHECK_IN_AT)
    assert low.deadline is None
    # At 08:30 the clinic is closed: the second contact is asked with whoever is responsible.
    assert critical.circles_due == 2
    for minutes, due in ((15, 3), (30, 4)):
        at = CHECK_IN_AT + timedelta(minutes=minutes)
        assert escalate(now=at - timedelta(seconds=1)) == []
        assert [row.circles_due for row in escalate(now=at)] == [due]
        assert escalate(now=at) == []
    critical.refresh_from_db()
    assert (critical.deadline, critical.escalated_at) == (None, CHECK_IN_AT + timedelta(minutes=15))


def test_a_more_urgent_sign_makes_the_open_alert_more_urgent_and_never_less(
    maria: Patient,
) -> None:
    def flag(urgency: Urgency, minutes: int) -> Alert:
        now = CHECK_IN_AT + timedelta(minutes=minutes)
        return open_alert(patient=maria, program=None, reason="red_flag", urgency=urgency, now=now)

    first = flag(Urgency.REVIEW, 0)
    assert (first.severity, first.urgency) == ("high", "review")
    Alert.objects.update(circles_told=1)
    second = flag(Urgency.EMERGENCY, 10)
    assert (second.pk, second.severity, second.urgency) == (first.pk, "critical", "emergency")
    assert (second.circles_told, second.deadline) == (0, CHECK_IN_AT + timedelta(minutes=25))
    third = flag(Urgency.SAME_DAY, 20)
    assert (third.urgency, third.deadline, third.times) == ("emergency", second.deadline, 3)


def test_old_scores_open_no_alert(maria: Patient) -> None:
    program = factories.program(maria)
    for days, alerts in ((2, 0), (1, 1)):
        record_check_in(
            program=program,
            local_date=TODAY - timedelta(days=days),
            score=10,
            source="app",
            client_id=f"{days}",
            now=CHECK_IN_AT,
        )
        assert Alert.objects.count() == alerts


def test_pain_that_rises_ends_the_taper(maria: Patient) -> None:
    program = factories.program(maria)
    schedule = program.schedules.get()
    change_schedule(
        schedule_id=schedule.pk,
        spec=ScheduleSpec("check_in", (time(8, 30),), TAPER),
        ends_on=None,
        now=MORNING,
    )
    for score, steps in ((9, 3), (10, 1)):
        record_check_in(
            program=program,
            local_date=TODAY,
            score=score,
            source="app",
            client_id=f"{score}",
            now=CHECK_IN_AT,
        )
        schedule.refresh_from_db()
        assert len(schedule.steps) == steps


def test_the_taper_of_a_paused_program_ends_without_a_text(maria: Patient) -> None:
    """A score told on the page while texts are paused makes nothing due."""
    program = factories.program(maria)
    schedule = program.schedules.get()
    spec = ScheduleSpec("check_in", (time(8, 30),), TAPER)
    change_schedule(schedule_id=schedule.pk, spec=spec, ends_on=None, now=MORNING)
    pause_program(program=program)
    record_check_in(
        program=program, local_date=TODAY, score=10, source="app", client_id="1", now=CHECK_IN_AT
    )
    schedule.refresh_from_db()
    assert (len(schedule.steps), schedule.next_due_at) == (1, None)


def test_less_than_half_done_in_a_week_is_told_once(maria: Patient, alice: User) -> None:
    program = factories.program(maria, kind=Schedule.Kind.EXERCISE)
    for day in range(3):
        log_session(
            program=program,
            local_date=TODAY + timedelta(days=day),
            log=LogSpec("exercise", "done"),
            source="sms",
            client_id=f"{day}",
            now=MORNING,
        )
    for day in range(5, 12):
        watch_due(now=MORNING + timedelta(days=day, hours=20))
        if day == 8:
            acknowledge(alert=Alert.objects.get(), by=alice, note="Spoke.", now=CHECK_IN_AT)
    alert = Alert.objects.get()
    assert (alert.reason, alert.severity) == ("low_adherence", "low")
    assert alert.detail == "3 of 7 days done"


def test_a_pause_for_some_days_ends_by_itself_on_the_patients_clock(maria: Patient) -> None:
    program = factories.program(maria)
    pause_program(program=program, until=TODAY + timedelta(days=2))
    midnight = datetime(2026, 3, 5, tzinfo=NEW_YORK)
    assert resume_due(now=midnight - timedelta(seconds=1)) == 0
    assert resume_due(now=midnight) == 1
    assert resume_due(now=midnight) == 0
    program.refresh_from_db()
    assert (program.status, program.heard_at) == ("active", midnight)
    assert program.schedules.get().next_local_date == TODAY + timedelta(days=2)


def test_a_pause_that_cannot_end_keeps_no_other_waiting(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (
        factories.program(factories.PatientFactory.create(clinic=clinic)) for _ in range(2)
    )
    for program in (broken, sound):
        pause_program(program=program, until=TODAY + timedelta(days=2))
    real = programs.replan_patient

    def replan(*, patient: Patient, now: datetime) -> None:
        if patient.pk == broken.patient_id:
            raise RuntimeError("a zone that nobody knows")
        real(patient=patient, now=now)

    monkeypatch.setattr(programs, "replan_patient", replan)
    assert resume_due(now=datetime(2026, 3, 5, tzinfo=NEW_YORK)) == 1
    states = dict(Program.objects.values_list("pk", "status"))
    # Nothing of the one that failed is half done.
    assert states == {broken.pk: "paused", sound.pk: "active"}
    assert str(broken.pk) in caplog.text


class TestTheAdmin:
    """Alice closes an alert."""

    def url(self, alert: Alert) -> str:
        return reverse("admin:exercises_alert_change", args=[alert.pk])

    def test_the_worst_open_alert_stands_first_and_the_menu_counts(
        self, maria: Patient, alice: User, admin_of_alice: Client
    ) -> None:
        opened(maria, "silent_3")
        opened(maria, "red_flag")
        closed = opened(maria, "silent_7")
        acknowledge(alert=closed, by=alice, note="Seen.", now=CHECK_IN_AT)
        url = reverse("admin:exercises_alert_changelist")
        page = admin_of_alice.get(url)
        assert [row.reason for row in page.context["cl"].result_list] == ["red_flag", "silent_3"]
        assert open_alerts_badge(page.wsgi_request) == "2"
        shown = admin_of_alice.get(url, {"state": "closed"}).context["cl"].result_list
        assert list(shown) == [closed]

    def test_saving_without_a_note_is_refused_at_the_note(
        self, maria: Patient, admin_of_alice: Client
    ) -> None:
        alert = opened(maria)
        page = admin_of_alice.post(self.url(alert), {"note": " "}).content.decode()
        assert "Write a word on what you found or did." in page
        alert.refresh_from_db()
        assert alert.acknowledged_at is None

    def test_a_note_closes_it_and_a_closed_one_is_read_only(
        self, maria: Patient, alice: User, admin_of_alice: Client
    ) -> None:
        alert = opened(maria)
        assert admin_of_alice.post(self.url(alert), {"note": "Called her."}).status_code == 302
        alert.refresh_from_db()
        assert (alert.note, alert.acknowledged_by) == ("Called her.", alice)
        assert "textarea" not in admin_of_alice.get(self.url(alert)).content.decode()


class TestThresholds:
    """A provider sets when a program alerts."""

    def test_they_hold_for_the_next_score(self, maria: Patient, admin_of_alice: Client) -> None:
        program = factories.program(maria)
        for day in range(1, 5):
            record_check_in(
                program=program,
                local_date=TODAY - timedelta(days=day),
                score=4,
                source="app",
                client_id=f"{day}",
                now=CHECK_IN_AT,
            )
        url = reverse("admin:exercises_program_change", args=[program.pk])
        form = {
            "alert_rise": 3,
            "alert_sharp_rise": 6,
            "schedules-TOTAL_FORMS": 0,
            "schedules-INITIAL_FORMS": 0,
        }
        assert admin_of_alice.post(url, form).status_code == 302
        program.refresh_from_db()
        assert (program.alert_rise, program.alert_sharp_rise, program.status) == (3, 6, "active")
        for score, alerts in ((9, 0), (10, 2)):  # five above the median, then six and a ten
            record_check_in(
                program=program,
                local_date=TODAY,
                score=score,
                source="app",
                client_id=f"{score}",
                now=CHECK_IN_AT,
            )
            assert Alert.objects.count() == alerts

    def test_a_critical_one_below_the_high_one_is_refused(
        self, maria: Patient, admin_of_alice: Client
    ) -> None:
        program = factories.program(maria)
        url = reverse("admin:exercises_program_change", args=[program.pk])
        form = {
            "alert_rise": 5,
            "alert_sharp_rise": 4,
            "schedules-TOTAL_FORMS": 0,
            "schedules-INITIAL_FORMS": 0,
        }
        assert "at least as many points" in admin_of_alice.post(url, form).content.decode()
