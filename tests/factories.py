"""Rows for tests: Maria is a patient of Bay Foot, where Alice works; Bob works at Hill Clinic."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from exercises.content import load_content
from exercises.models import (
    Alert,
    CheckIn,
    Clinic,
    Equipment,
    Exercise,
    ExerciseAsset,
    ExerciseText,
    InfoCard,
    InfoCardText,
    Patient,
    Program,
    ProgramTemplate,
    ProgramVersion,
    Proposal,
    Provider,
    Review,
    Schedule,
    SessionLog,
    TemplateItem,
    TemplatePhase,
    User,
)
from exercises.services import IntakeSpec, ScheduleSpec, assign_program
from notifications.consent import record_consent
from notifications.models import ClinicTexting, InboundMessage, OutboundMessage, Sender

PASSWORD = "correct horse battery staple"
# A Tuesday, 07:00 in New York: before the day's first text.
MORNING = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 3)
CHECK_IN_AT = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)


# Real area codes, or a phone is no phone; 555-01xx belongs to nobody. Numbers that tests write by
# hand have 415, and so are never a patient's by accident.
AREAS = ("628", "212", "312", "617", "206", "303", "404", "702")


class ClinicFactory(DjangoModelFactory[Clinic]):
    """A clinic in New York."""

    class Meta:
        model = Clinic

    name = Sequence(lambda n: f"Clinic {n}")
    short_name = "Bay Foot"
    phone = "+14155550199"


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in to the admin."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"user{n}@example.org")
    is_staff = True

    @post_generation
    def password(obj: User, create: bool, extracted: str | None) -> None:  # noqa: N805  # factory_boy hands in the row
        """Every account has the same password."""
        obj.set_password(extracted or PASSWORD)
        obj.save()


class ProviderFactory(DjangoModelFactory[Provider]):
    """A provider at a clinic."""

    class Meta:
        model = Provider

    user = SubFactory(UserFactory)
    clinic = SubFactory(ClinicFactory)
    role = Provider.Role.PROVIDER


class PatientFactory(DjangoModelFactory[Patient]):
    """A patient in New York."""

    class Meta:
        model = Patient

    clinic = SubFactory(ClinicFactory)
    first_name = "Maria"
    last_name = "Lopez"
    phone = Sequence(lambda n: f"+1{AREAS[n // 100 % len(AREAS)]}55501{n % 100:02d}")
    time_zone = "America/New_York"


class SenderFactory(DjangoModelFactory[Sender]):
    """A number."""

    class Meta:
        model = Sender

    name = "Test number"
    phone = "+14155550100"
    segments_per_second = None


def texting(clinic: Clinic, *, phone: str = "+14155550100") -> ClinicTexting:
    """Let `clinic` text from `phone`."""
    sender = Sender.objects.filter(phone=phone).first() or SenderFactory.create(phone=phone)
    row, _ = ClinicTexting.objects.get_or_create(clinic=clinic, defaults={"sender": sender})
    return row


# What the content files fill, and how a row is told from a clinic's own.
LIBRARY: dict[Any, str] = {
    Equipment: "",
    Exercise: "clinic",
    Exercise.equipment.through: "exercise__clinic",
    ExerciseText: "exercise__clinic",
    ExerciseAsset: "exercise__clinic",
    InfoCard: "clinic",
    InfoCardText: "card__clinic",
    ProgramTemplate: "clinic",
    ProgramTemplate.cards.through: "programtemplate__clinic",
    TemplatePhase: "template__clinic",
    TemplateItem: "phase__template__clinic",
}


@cache
def _library() -> dict[Any, list[Any]]:
    """The shared rows, as the first test that wants them loads them."""
    load_content()
    return {
        model: list(model.objects.filter(**{f"{owner}__isnull": True} if owner else {}))
        for model, owner in LIBRARY.items()
    }


def template() -> ProgramTemplate:
    """The plantar fasciitis template, with everything else of the content files.

    It is in the database that each worker copies; a test that emptied the tables took it away, and
    then the same rows are written again. Their ids are free, since no sequence goes back.
    """
    shared = ProgramTemplate.objects.filter(slug="plantar-fasciitis", clinic=None)
    if not shared.exists():
        for model, rows in _library().items():
            model.objects.bulk_create(rows, ignore_conflicts=True)
    return shared.get()


def program(
    patient: Patient | None = None,
    *,
    kind: str = Schedule.Kind.CHECK_IN,
    times: tuple[time, ...] = (time(8, 30),),
    now: datetime = MORNING,
    with_consent: bool = True,
    source: ProgramTemplate | None = None,
) -> Program:
    """An assigned program with one schedule, ready to text."""
    patient = patient or PatientFactory.create()
    texting(patient.clinic)
    if with_consent:
        consent_of(patient, now=now)
    return assign_program(
        patient=patient,
        template=source or template(),
        start_date=now.astimezone(patient.zone).date(),
        side=Program.Side.LEFT,
        schedules=[ScheduleSpec(kind, times)],
        assigned_by=None,
        now=now,
        # Whoever is 65 or older by the record would need exercises to be swapped.
        intake=IntakeSpec(override_reason="Seen") if patient.birth_year else None,
    )


def moved_by_calendar(program: Program) -> Program:
    """As programs were before 2026-11-26: no rise of a dose waits for anybody."""
    ProgramVersion.objects.filter(program=program).update(decided_week=None)
    return program


def consent_of(patient: Patient, *, now: datetime = MORNING) -> None:
    """Record that `patient` agreed, on paper."""
    record_consent(
        patient=patient,
        how="paper",
        words="I agree to get texts.",
        words_version="test",
        recorded_by=None,
        now=now,
        confirm=False,
    )


def asked(
    program: Program, *, at: datetime = CHECK_IN_AT, slot: int = 0, status: str = "delivered"
) -> OutboundMessage:
    """A check-in for the program's patient at `at`; it reached the phone unless it waits."""
    patient = program.patient
    return OutboundMessage.objects.create(
        clinic=patient.clinic,
        patient=patient,
        to_phone=patient.phone,
        kind=OutboundMessage.Kind.CHECK_IN,
        schedule=program.schedules.get(),
        local_date=at.astimezone(patient.zone).date(),
        slot=slot,
        wording="check_in",
        due_at=at,
        not_before=at,
        priority=20,
        status=status,
        attempted_at=None if status == "waiting" else at,
    )


_texts_made = 0


def received(body: str, patient: Patient, *, at: datetime = CHECK_IN_AT) -> InboundMessage:
    """A text from the patient's phone to the clinic's number."""
    global _texts_made  # noqa: PLW0603  # a counter for unique SIDs
    _texts_made += 1
    return InboundMessage.objects.create(
        message_sid=f"SM{_texts_made:032d}",
        from_phone=patient.phone,
        to_phone="+14155550100",
        body=body,
        received_at=at,
    )


def local_today() -> date:
    """Today where the patients live: between midnight UTC and theirs, UTC is a day ahead."""
    return timezone.localdate(timezone=ZoneInfo("America/New_York"))


def timezone_today() -> str:
    """Today's date, where the patients live, for requests that go through the real clock."""
    return local_today().isoformat()


def crowd(clinic: Clinic, patients: int) -> None:
    """Many patients with a running program, a silence, an alert, a proposal, a review, a score, a
    session and a text each; written in bulk, without the services.
    """
    now = timezone.now()
    rows = [
        Patient(
            clinic=clinic,
            first_name=f"Patient {n}",
            phone=f"+1415{5550000 + n:07d}",
            time_zone="America/New_York",
        )
        for n in range(patients)
    ]
    Patient.objects.bulk_create(rows)
    programs = [
        Program(
            patient=row,
            name="Plantar fasciitis",
            start_date=now.date() - timedelta(weeks=3),
            side=Program.Side.LEFT,
            heard_at=now - timedelta(days=4),
        )
        for row in rows
    ]
    Program.objects.bulk_create(programs)
    today = now.date()
    Alert.objects.bulk_create(
        Alert(
            patient=row.patient, program=row, reason="rise", severity="high", opened_at=now,
            last_at=now,
        )
        for row in programs
    )  # fmt: skip  # rows
    Proposal.objects.bulk_create(
        Proposal(program=row, kind="stay", reasons=["x"], version=1, local_date=today)
        for row in programs
    )
    Review.objects.bulk_create(Review(program=row, week=2, due_on=today) for row in programs)
    CheckIn.objects.bulk_create(
        CheckIn(program=row, local_date=today, score=4, source="app") for row in programs
    )
    SessionLog.objects.bulk_create(
        SessionLog(program=row, kind="exercise", local_date=today, outcome="done")
        for row in programs
    )
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            clinic=clinic,
            patient=row,
            to_phone=str(row.phone),
            kind="check_in",
            wording="check_in",
            due_at=now,
            not_before=now,
            priority=20,
            status="delivered",
        )
        for row in rows
    )
    # As autovacuum does on a live table. Rolled-back rows of other tests leave tables that
    # PostgreSQL takes for empty, and it joins a thousand rows as if they were one: for minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
