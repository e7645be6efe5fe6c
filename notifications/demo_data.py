"""The demo clinic: five patients in four US time zones with four weeks of check-ins."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from exercises.models import (
    CheckIn,
    Clinic,
    Patient,
    Program,
    ProgramTemplate,
    Provider,
    Schedule,
    SessionLog,
    User,
)
from exercises.reads.days import plan_for_day
from exercises.reads.weeks import week_count
from exercises.services import (
    IntakeSpec,
    LogSpec,
    ScheduleSpec,
    TreatmentSpec,
    assign_program,
    end_program,
    log_session,
    propose,
    record_check_in,
    record_treatment,
    tell_barrier,
)
from notifications.consent import record_consent
from notifications.models import ClinicTexting, ConsentEvent, PhoneConsent, Sender

CLINIC_NUMBER = "+14155550100"
DUE_AFTER = timedelta(seconds=15)
WEEKS = 4
QUIET_DAYS = 4
FLARE_DAYS = 3
WEEK_AT = time(18)
# What demo patients say got in the way of a week, each in their turn.
IN_THE_WAY = ("time", "forgot", "boring")
# The clinic's hours, then the widest a patient may ask for. Somewhere in the US it is always one.
DAYTIME = (time(8), time(19, 55))
LONG_DAY = (time(5), time(22, 55))
DEMO_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Pacific/Guam",
)


@dataclass(frozen=True)
class DemoPatient:
    """A patient whose first-step pain goes from `first` to `last` over four weeks.

    `story` is what the start page should show of them: "steady" does everything and may progress,
    "flare" got worse in the last days, "quiet" has said nothing for some.
    """

    first_name: str
    last_name: str
    phone: str
    language: str
    first: int
    last: int
    story: str = ""

    def is_silent(self, back: int) -> bool:
        """Whether nothing was told of the day `back` days ago."""
        return self.story == "quiet" and back <= QUIET_DAYS


PATIENTS = (
    DemoPatient("Maria", "Lopez", "+14155550111", "en", 7, 4),
    DemoPatient("James", "Baker", "+14155550112", "en", 6, 2, "steady"),
    DemoPatient("Rosa", "Jimenez", "+14155550113", "es", 6, 6, "flare"),
    DemoPatient("Ellen", "Wood", "+14155550114", "en", 5, 1),
    # Shares a phone with Ellen, as couples do.
    DemoPatient("Tom", "Wood", "+14155550114", "en", 6, 5, "quiet"),
)


@transaction.atomic
def load_demo(*, now: datetime) -> Patient:
    """Load or refresh the demo; returns the patient who is asked 15 seconds after `now`."""
    clinic, _ = Clinic.objects.get_or_create(
        name="Bay Foot and Ankle", defaults={"short_name": "Bay Foot", "phone": "+14155550199"}
    )
    sender, _ = Sender.objects.get_or_create(phone=CLINIC_NUMBER, defaults={"name": "Demo number"})
    ClinicTexting.objects.get_or_create(
        clinic=clinic, defaults={"sender": sender, "links_in_reminders": True}
    )
    provider = _account("demo@example.org", "demo", name="Dana Demo", is_superuser=False)
    _account("admin@example.org", "admin", name="Ada Admin", is_superuser=True)
    # Who works alone at first also invites the team and words the texts.
    whole = {"role": Provider.Role.CLINIC_ADMIN}
    Provider.objects.get_or_create(user=provider, clinic=clinic, defaults=whole)
    zones = demo_zones(now)
    soon = (now + DUE_AFTER).astimezone(ZoneInfo(zones[0])).time().replace(microsecond=0)
    maria, others = PATIENTS[0], PATIENTS[1:]
    patient = _patient(clinic, provider, maria, zones[0], soon, now=now)
    for demo, zone in zip(others, (*zones[1:], zones[-1]), strict=True):
        _patient(clinic, provider, demo, zone, time(8, 30), now=now)
    if patient.messages.exists():
        _ask_again(patient, provider, zones[0], soon, now=now)
    return patient


def demo_zones(now: datetime) -> Sequence[str]:
    """Four zones, the first of which may be texted in now."""
    for first, last in (DAYTIME, LONG_DAY):
        for zone in DEMO_ZONES:
            if first <= now.astimezone(ZoneInfo(zone)).time() < last:
                return (zone, *[name for name in DEMO_ZONES if name != zone][:3])
    raise LookupError("some US zone is always awake")


def _account(email: str, password: str, *, name: str, is_superuser: bool) -> User:
    user: User | None = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, password, name=name, is_staff=True, is_superuser=is_superuser
        )
    return user


def _patient(
    clinic: Clinic,
    provider: User,
    demo: DemoPatient,
    zone: str,
    check_in_time: time,
    *,
    now: datetime,
) -> Patient:
    patient, created = Patient.objects.get_or_create(
        clinic=clinic,
        first_name=demo.first_name,
        last_name=demo.last_name,
        defaults={
            "phone": demo.phone,
            "time_zone": zone,
            "language": demo.language,
            "texts_from": time(5),
            "texts_until": time(23),
            "texts_hours_asked": "Any time from 5 in the morning to 11 at night is fine.",
        },
    )
    if created:
        record_consent(
            patient=patient,
            how=ConsentEvent.How.PAPER,
            words="I agree to get home program texts. Reply STOP to end.",
            words_version="demo",
            recorded_by=provider,
            now=now - timedelta(weeks=WEEKS),
            confirm=False,
        )
        program = _assign(patient, provider, check_in_time, now=now)
        _history(program, demo, now=now)
        _sessions(program, demo, now=now)
        _weeks(program, demo, now=now)
        _care(program, provider, now=now)
        if demo.story == "quiet":
            heard_at = now - timedelta(days=QUIET_DAYS)
            Program.objects.filter(pk=program.pk).update(heard_at=heard_at, watch_at=now)
    return patient


def _assign(patient: Patient, provider: User, check_in_time: time, *, now: datetime) -> Program:
    today = now.astimezone(patient.zone).date()
    return assign_program(
        patient=patient,
        template=ProgramTemplate.objects.get(slug="plantar-fasciitis", clinic=None),
        start_date=today - timedelta(weeks=WEEKS),
        side=Program.Side.RIGHT,
        schedules=[
            ScheduleSpec(Schedule.Kind.CHECK_IN, (check_in_time,)),
            ScheduleSpec(Schedule.Kind.WEEK, (WEEK_AT,)),
        ],
        assigned_by=provider,
        now=now,
        intake=IntakeSpec(pattern=("medial_heel", "first_steps", "long_standing", "tender_heel")),
    )


def _history(program: Program, demo: DemoPatient, *, now: datetime) -> None:
    """Four weeks of plausible scores: a slow trend, some noise, a day missed now and then."""
    dice = random.Random(demo.first_name)  # noqa: S311  # the same demo every time, no secret
    days = WEEKS * 7
    # Who is steady has answered this morning already.
    for day in range(days + (demo.story == "steady")):
        missed = dice.random() < 0.12 and demo.story != "steady"
        if missed or demo.is_silent(days - day):
            continue
        trend = demo.first + (demo.last - demo.first) * day / days
        if demo.story == "flare" and days - day < FLARE_DAYS:
            trend += 3
        record_check_in(
            program=program,
            local_date=program.start_date + timedelta(days=day),
            score=max(0, min(10, round(trend + dice.gauss(0, 0.8)))),
            source=CheckIn.Source.SMS,
            client_id=f"demo:{uuid.uuid4()}",
            now=now,
        )


def _sessions(program: Program, demo: DemoPatient, *, now: datetime) -> None:
    """What was done in the last two weeks, with the pain it brought."""
    dice = random.Random(demo.last_name)  # noqa: S311  # likewise
    today = now.astimezone(program.patient.zone).date()
    for back in range(14, 0, -1):
        day = today - timedelta(days=back)
        rounds = plan_for_day(program, day).plan.rounds
        told = demo.story == "steady" or (dice.random() < 0.9 and not demo.is_silent(back))
        for planned in rounds if told else ():
            log_session(
                program=program,
                local_date=day,
                log=LogSpec(
                    SessionLog.Kind.EXERCISE,
                    SessionLog.Outcome.DONE,
                    exercise=planned.item.exercise,
                    slot=planned.slot,
                    sets=planned.item.sets,
                    reps=planned.item.reps,
                    load=planned.item.load,
                    pain_during=max(0, min(5, demo.last - 2 + round(dice.gauss(0, 0.6)))),
                ),
                source=CheckIn.Source.APP,
                client_id=f"demo:{uuid.uuid4()}",
                now=now,
            )


def _weeks(program: Program, demo: DemoPatient, *, now: datetime) -> None:
    """What got in the way of the weeks with too few days done."""
    for number, what in enumerate(IN_THE_WAY, start=1):
        on = program.start_date + timedelta(weeks=number, days=1)
        count = week_count(program, on=on)
        if count.is_enough and not count.is_met and not count.is_sore and demo.story != "quiet":
            tell_barrier(
                program=program, local_date=on, what=what, source=CheckIn.Source.SMS, now=now
            )


def _care(program: Program, provider: User, *, now: datetime) -> None:
    """A treatment, and what the rules propose today."""
    record_treatment(
        patient=program.patient,
        local_date=program.start_date + timedelta(days=10),
        treatment=TreatmentSpec(("soft_tissue", "exercise_instruction"), ("plantar_fascia",)),
        treated_by=provider,
        now=now,
    )
    propose(program=program, now=now)


def _ask_again(
    patient: Patient, provider: User, zone: str, check_in_time: time, *, now: datetime
) -> None:
    """A fresh program for a later start of the demo: one program never asks twice on a day."""
    patient.time_zone = zone
    patient.save(update_fields=["time_zone", "updated_at"])
    PhoneConsent.objects.filter(phone=patient.phone).update(state=PhoneConsent.State.GRANTED)
    for program in patient.programs.exclude(status=Program.Status.ENDED):
        end_program(program=program)
    _assign(patient, provider, check_in_time, now=now)
