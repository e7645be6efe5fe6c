"""Assigning a program and keeping a score."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from exercises.models import CheckIn, CheckInEntry, Patient, Prescription, Program
from exercises.rules.recurrence import Step
from exercises.services import (
    ScheduleSpec,
    assign_program,
    change_schedule,
    end_program,
    pause_program,
    record_check_in,
    replan_patient,
    resume_program,
)
from hep.errors import ConflictError, InvalidInputError
from notifications.models import OutboundMessage
from notifications.outgoing.due import write_due
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING, TODAY

pytestmark = pytest.mark.django_db


def assign(
    patient: Patient,
    *,
    start_date: date = TODAY,
    schedules: tuple[ScheduleSpec, ...] = (ScheduleSpec("check_in", (time(8, 30),)),),
    program_id: uuid.UUID | None = None,
) -> Program:
    return assign_program(
        patient=patient,
        template=factories.template(),
        start_date=start_date,
        side="left",
        schedules=schedules,
        assigned_by=None,
        now=MORNING,
        program_id=program_id,
    )


def test_an_assigned_program_is_a_snapshot_of_its_template(maria: Patient) -> None:
    program = assign(maria)
    before = list(
        Prescription.objects.filter(phase__program=program)
        .order_by("phase__number", "position")
        .values_list("phase__number", "exercise__slug", "reps", "hold_seconds")
    )
    assert (1, "plantar-fascia-stretch", 10, 10) in before
    template = factories.template()
    template.phases.get(number=1).items.update(reps=99)
    template.phases.get(number=2).delete()
    after = list(
        Prescription.objects.filter(phase__program=program)
        .order_by("phase__number", "position")
        .values_list("phase__number", "exercise__slug", "reps", "hold_seconds")
    )
    assert after == before


def test_the_first_text_is_planned_on_the_patients_clock(maria: Patient) -> None:
    schedule = assign(maria).schedules.get()
    assert schedule.next_due_at == datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
    assert schedule.next_local_date == TODAY


def test_a_time_that_has_passed_today_starts_tomorrow(maria: Patient) -> None:
    maria.time_zone = "Europe/Berlin"
    maria.save()
    schedule = assign(maria).schedules.get()
    assert schedule.next_local_date == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("start_date", "code"),
    [
        (TODAY - timedelta(days=91), "too_early"),
        (TODAY + timedelta(days=181), "too_late"),
        (date(2062, 3, 3), "too_late"),
    ],
)
def test_a_start_years_away_is_refused(maria: Patient, start_date: date, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        assign(maria, start_date=start_date)
    assert (refused.value.field, refused.value.code) == ("start_date", code)
    assert not Program.objects.exists()


@pytest.mark.parametrize("days", [-90, 0, 180])
def test_the_edges_of_the_start_are_allowed(maria: Patient, days: int) -> None:
    assert assign(maria, start_date=TODAY + timedelta(days=days)).pk


def test_a_time_outside_the_patients_hours_is_refused(maria: Patient) -> None:
    late = (ScheduleSpec("check_in", (time(8, 30),)), ScheduleSpec("splint", (time(20, 0),)))
    with pytest.raises(InvalidInputError) as refused:
        assign(maria, schedules=late)
    assert refused.value.field == "schedules.1.local_time"
    assert "08:00 to 20:00" in refused.value.message


def test_the_same_time_twice_is_refused(maria: Patient) -> None:
    twice = (ScheduleSpec("check_in", (time(9),)), ScheduleSpec("check_in", (time(9),)))
    with pytest.raises(InvalidInputError, match="twice"):
        assign(maria, schedules=twice)


def test_an_open_program_is_not_assigned_again_until_it_ended(maria: Patient) -> None:
    first = assign(maria)
    with pytest.raises(ConflictError) as refused:
        assign(maria)
    assert refused.value.code == "already_assigned"
    end_program(program=first)
    assert assign(maria).pk != first.pk
    assert first.schedules.get().next_due_at is None


def test_a_repeated_client_id_is_the_same_program(maria: Patient) -> None:
    program_id = uuid.uuid4()
    assert assign(maria, program_id=program_id) == assign(maria, program_id=program_id)
    stranger = factories.PatientFactory.create()
    with pytest.raises(ConflictError):
        assign(stranger, program_id=program_id)


def test_a_second_score_is_a_correction_with_history() -> None:
    program = factories.program()
    first = record_check_in(
        program=program, local_date=TODAY, score=6, source="sms", client_id="a", now=CHECK_IN_AT
    )
    second = record_check_in(
        program=program, local_date=TODAY, score=4, source="app", client_id="b", now=CHECK_IN_AT
    )
    again = record_check_in(
        program=program, local_date=TODAY, score=6, source="sms", client_id="a", now=CHECK_IN_AT
    )
    check_in = CheckIn.objects.get()
    assert (check_in.score, check_in.source) == (4, "app")
    assert list(check_in.entries.values_list("score", flat=True)) == [6, 4]
    assert (first.corrected, second.corrected, again.is_new_entry) == (False, True, False)


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_off_the_scale_is_refused(score: int) -> None:
    program = factories.program()
    with pytest.raises(InvalidInputError, match="0 to 10"):
        record_check_in(
            program=program,
            local_date=TODAY,
            score=score,
            source="sms",
            client_id="a",
            now=CHECK_IN_AT,
        )


@pytest.mark.django_db(transaction=True)
def test_one_answer_written_by_many_threads_is_one_entry() -> None:
    program = factories.program()
    start = threading.Barrier(8)

    def write() -> None:
        start.wait(timeout=10)
        try:
            record_check_in(
                program=program,
                local_date=TODAY,
                score=5,
                source="sms",
                client_id="same",
                now=CHECK_IN_AT,
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert CheckIn.objects.count() == 1
    assert CheckInEntry.objects.count() == 1


class TestReplanning:
    """A change plans from now on and never repeats a local date."""

    @pytest.fixture
    def asked_today(self) -> Program:
        """A program whose check-in of today went out at 08:30."""
        program = factories.program()
        write_due(now=CHECK_IN_AT)
        return program

    def dates(self) -> list[date]:
        rows = OutboundMessage.objects.order_by("due_at").values_list("local_date", flat=True)
        return [row for row in rows if row is not None]

    def test_another_time_today_does_not_ask_twice_today(self, asked_today: Program) -> None:
        schedule = change_schedule(
            schedule_id=asked_today.schedules.get().pk,
            spec=ScheduleSpec("check_in", (time(14, 0),)),
            ends_on=None,
            now=CHECK_IN_AT + timedelta(minutes=1),
        )
        assert schedule.next_local_date == TODAY + timedelta(days=1)
        write_due(now=CHECK_IN_AT + timedelta(days=1, hours=6))
        assert self.dates() == [TODAY, TODAY + timedelta(days=1)]

    @pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Tokyo", "America/Chicago"])
    def test_a_move_does_not_ask_twice_for_a_date(self, asked_today: Program, zone: str) -> None:
        Patient.objects.update(time_zone=zone)
        patient = Patient.objects.get()
        replan_patient(patient=patient, now=CHECK_IN_AT + timedelta(minutes=1))
        write_due(now=CHECK_IN_AT + timedelta(days=5))
        dates = self.dates()
        assert len(dates) == len(set(dates))
        assert dates == sorted(dates)

    def test_a_pause_leaves_its_days_out(self, asked_today: Program) -> None:
        pause_program(program=asked_today)
        assert write_due(now=CHECK_IN_AT + timedelta(days=3)) == 0
        resume_program(program=asked_today, now=CHECK_IN_AT + timedelta(days=3))
        write_due(now=CHECK_IN_AT + timedelta(days=4))
        assert self.dates() == [TODAY, TODAY + timedelta(days=4)]

    def test_a_pause_and_resume_on_one_day_do_not_ask_twice(self, asked_today: Program) -> None:
        pause_program(program=asked_today)
        resume_program(program=asked_today, now=CHECK_IN_AT - timedelta(minutes=5))
        assert asked_today.schedules.get().next_local_date == TODAY + timedelta(days=1)

    def test_an_ended_program_does_not_resume(self, asked_today: Program) -> None:
        end_program(program=asked_today)
        with pytest.raises(ConflictError, match="ended"):
            resume_program(program=asked_today, now=MORNING)

    @pytest.mark.parametrize(
        "steps",
        [
            (),
            (Step(2), Step(2)),
            (Step(3), Step(1)),
            (Step(1, every_n_days=15),),
            (Step(1, weekdays=(7,)),),
        ],
    )
    def test_steps_without_sense_are_refused(
        self, asked_today: Program, steps: tuple[Step, ...]
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            change_schedule(
                schedule_id=asked_today.schedules.get().pk,
                spec=ScheduleSpec("check_in", (time(9),), steps),
                ends_on=None,
                now=MORNING,
            )
        assert refused.value.field == "schedules.0.steps"


@pytest.mark.parametrize("write", ["pause", "resume", "end"])
@pytest.mark.parametrize("meanwhile", ["ended", "paused for good", "paused until a day"])
def test_what_was_read_before_somebody_changed_it_brings_nothing_back(
    maria: Patient, write: str, meanwhile: str
) -> None:
    """A text that says PAUSE and a clinician who ends the program: the clinician's word stands."""
    program = assign(maria)
    stale = Program.objects.get(pk=program.pk)
    if meanwhile == "ended":
        end_program(program=program)
    else:
        pause_program(
            program=program, until=TODAY + timedelta(days=9) if "until" in meanwhile else None
        )
    before = Program.objects.filter(pk=program.pk).values("status", "resume_at").get()
    if write == "end":
        end_program(program=stale)
        before |= {"status": "ended", "resume_at": None}
    elif write == "pause":
        with pytest.raises(ConflictError):
            pause_program(program=stale, until=TODAY + timedelta(days=3))
    else:
        with pytest.raises(ConflictError):
            resume_program(program=stale, now=MORNING)
    assert Program.objects.filter(pk=program.pk).values("status", "resume_at").get() == before
