"""When the last text of a wave has left, and who is told that it is too late."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exercises.models import Clinic, Patient, Program, Schedule, User
from notifications.models import Sender
from notifications.outgoing import forecast
from notifications.outgoing.forecast import Wave, waves
from notifications.outgoing.pacing import PLANNED_SHARE
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING

RATE = 10.0
AT = datetime(2026, 3, 3, 13, tzinfo=UTC)


def after(texts: float) -> timedelta:
    """How long so many texts take at RATE."""
    return timedelta(seconds=texts / (RATE * PLANNED_SHARE))


@pytest.mark.parametrize(
    ("label", "demand", "expected"),
    [
        ("nothing", [], []),
        ("one wave", [(0, 600)], [(0, 600, after(600))]),
        ("one runs into the next", [(0, 600), (60, 60)], [(0, 660, after(660))]),
        ("a gap", [(0, 300), (60, 60)], [(0, 300, after(300)), (60, 60, after(60))]),
    ],
)
def test_waves(
    label: str, demand: list[tuple[int, int]], expected: list[tuple[int, int, timedelta]]
) -> None:
    found = waves([(AT + timedelta(seconds=at), n) for at, n in demand], per_second=RATE)
    starts = [(texts, AT + timedelta(seconds=at)) for at, texts, _ in expected]
    assert [(wave.texts, wave.starts_at) for wave in found] == starts, label
    for wave, (_, _, took) in zip(found, expected, strict=True):
        assert abs(wave.lands_at - wave.starts_at - took) <= timedelta(microseconds=2), label


def test_without_a_rate_texts_leave_when_they_are_due() -> None:
    assert waves([(AT, 10_000)], per_second=None) == [Wave(10_000, AT, AT)]


@given(
    gaps=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 500)), min_size=1, max_size=20),
    rate=st.floats(0.1, 225),
)
def test_waves_lose_no_text_and_never_overlap(gaps: list[tuple[int, int]], rate: float) -> None:
    at, demand = AT, []
    for gap, texts in gaps:
        at += timedelta(seconds=gap)
        demand.append((at, texts))
    found = waves(demand, per_second=rate)
    assert sum(wave.texts for wave in found) == sum(texts for _, texts in demand)
    for earlier, later in itertools.pairwise(found):
        assert earlier.lands_at < later.starts_at
    for wave in found:
        seconds = (wave.lands_at - wave.starts_at).total_seconds()
        assert wave.texts / (seconds + 0.001 * len(gaps)) <= rate


@pytest.mark.django_db
class TestTheWarning:
    """A program whose text cannot leave in time."""

    def crowd(self, clinic: Clinic, count: int, *, kind: str) -> Program:
        """So many patients with the same time, on a slow number."""
        for _ in range(count):
            patient = factories.PatientFactory.create(clinic=clinic)
            program = factories.program(patient, kind=kind)
        Sender.objects.update(segments_per_second=0.001)  # a text in 17 minutes
        return program

    @pytest.mark.parametrize(
        ("kind", "count", "warned"),
        [("exercise", 7, False), ("exercise", 8, True), ("check_in", 8, False)],
    )
    def test_it_comes_when_the_line_is_longer_than_the_text_is_useful(
        self, clinic: Clinic, kind: str, count: int, warned: bool
    ) -> None:
        program = self.crowd(clinic, count, kind=kind)
        late = forecast.late_texts(program)
        assert [text.schedule for text in late] == list(program.schedules.all())[: int(warned)]

    def test_it_stands_on_the_programs_page(self, clinic: Clinic, admin_of_alice: Client) -> None:
        program = self.crowd(clinic, 8, kind="exercise")
        page = admin_of_alice.get(reverse("admin:exercises_program_change", args=[program.pk]))
        assert "8 due by then from this number" in page.content.decode()

    def test_it_comes_right_after_assigning(
        self, clinic: Clinic, maria: Patient, admin_of_alice: Client
    ) -> None:
        self.crowd(clinic, 8, kind="exercise")
        Schedule.objects.update(next_due_at=None)
        factories.template()
        form = {
            "patient": maria.pk,
            "template": factories.template().pk,
            "start_date": factories.timezone_today(),
            "side": "left",
            "check_in_time": "09:00",
            "exercise_time": "12:00",
        }
        Sender.objects.update(segments_per_second=0.0001)
        response = admin_of_alice.post(reverse("admin:exercises_program_add"), form, follow=True)
        assert "Exercise reminder at 12:00: with 1 due" in response.content.decode()

    def test_a_late_hour_is_later_than_the_patients_evening(self, clinic: Clinic) -> None:
        program = factories.program(
            factories.PatientFactory.create(clinic=clinic), times=(time(19, 50),)
        )
        Sender.objects.update(segments_per_second=0.001)
        assert len(forecast.late_texts(program)) == 1


@pytest.mark.django_db
def test_the_senders_page_tells_when_the_next_wave_lands(clinic: Clinic, alice: User) -> None:
    for _ in range(6):
        factories.program(factories.PatientFactory.create(clinic=clinic))
    sender = Sender.objects.get()
    sender.segments_per_second = 1
    wave = forecast.next_wave(sender, now=MORNING)
    assert wave == Wave(6, CHECK_IN_AT, CHECK_IN_AT + timedelta(seconds=6 / PLANNED_SHARE))
    assert forecast.next_wave(sender, now=MORNING + timedelta(days=2)) is None
