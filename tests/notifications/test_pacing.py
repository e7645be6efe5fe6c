"""Segments per second of a sender, shared by all workers."""

from __future__ import annotations

import asyncio
import itertools
import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import redis
from pytest_django import Settings

from exercises.models import Clinic, Patient
from notifications import outbox
from notifications.models import OutboundMessage, PhoneConsent, Sender
from notifications.outgoing import preparing, senders, sending
from notifications.outgoing.pacing import HORIZON, KEY, LEAD, PLANNED_SHARE, Line, Pacer
from notifications.transports.base import Text
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.simulated_twilio import SimulatedTwilio


@pytest.fixture(autouse=True)
def _free_lines(settings: Settings) -> None:
    """A database that is emptied gives out the same ids again; their lines are not."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        for key in client.scan_iter(KEY.format("*")):
            client.delete(key)


pytestmark = pytest.mark.xdist_group("pacing")  # lines live in Redis, which workers share


def fresh_line(rate: float | None = 10.0) -> Line:
    """A line nobody has used."""
    return Line(uuid.uuid4().int >> 80, rate)


def test_texts_leave_evenly_and_a_long_one_takes_its_segments() -> None:
    line = fresh_line(10)
    spacing = 1 / (10 * PLANNED_SHARE)
    waits = Pacer().reserve(line, [1, 1, 3, 1])
    assert waits == pytest.approx(
        [LEAD, LEAD + spacing, LEAD + 2 * spacing, LEAD + 5 * spacing], abs=0.001
    )


def test_workers_share_a_line() -> None:
    line = fresh_line(100)
    waits: list[float] = []
    start = threading.Barrier(4)

    def reserve() -> None:
        start.wait(timeout=10)
        pacer = Pacer()
        for _ in range(25):
            waits.extend(pacer.reserve(line, [1, 1]))

    threads = [threading.Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    # 200 segments at 100 a second: the last one waits about two seconds, less what the test took.
    assert 1.0 < max(waits) <= 2.04 + LEAD


def test_a_line_takes_no_more_than_the_horizon() -> None:
    line, pacer = fresh_line(10), Pacer()
    room = pacer.rooms([line], limit=500)[line.sender_id]
    assert room == int(HORIZON * 10 * PLANNED_SHARE)
    pacer.reserve(line, [1] * room)
    assert pacer.rooms([line], limit=500)[line.sender_id] == 0


def test_a_slow_line_takes_one_at_a_time() -> None:
    line, pacer = fresh_line(0.1), Pacer()
    assert pacer.rooms([line], limit=500) == {line.sender_id: 1}


def test_a_line_without_a_rate_is_not_paced() -> None:
    line = fresh_line(None)
    assert Pacer().rooms([line], limit=500) == {line.sender_id: 500}
    assert Pacer().reserve(line, [1, 2, 3]) == [0.0, 0.0, 0.0]


def test_a_line_that_redis_forgot_starts_afresh() -> None:
    line, pacer = fresh_line(1), Pacer()
    pacer.reserve(line, [5])
    pacer._redis.delete(KEY.format(line.sender_id))
    assert pacer.reserve(line, [1]) == [LEAD]


def test_without_redis_texts_still_leave_slowly(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    line, pacer = fresh_line(2), Pacer()
    assert pacer.rooms([line], limit=500)[line.sender_id] <= 1
    assert pacer.reserve(line, [1, 1]) == pytest.approx([LEAD, LEAD + 0.5 / PLANNED_SHARE])


@pytest.mark.django_db
class TestTheClaim:
    """Who goes first."""

    def waiting(self, clinic: Clinic, count: int, *, priority: int) -> None:
        program = factories.program(factories.PatientFactory.create(clinic=clinic))
        for slot in range(count):
            message = factories.asked(program, slot=slot, status="waiting")
            OutboundMessage.objects.filter(pk=message.pk).update(priority=priority)

    def claimed(self, room: int) -> list[OutboundMessage]:
        rooms = {sender.pk: room for sender in Sender.objects.all()}
        return outbox.claim(rooms=rooms, limit=100, now=CHECK_IN_AT)

    def test_replies_go_before_reminders(self, clinic: Clinic) -> None:
        self.waiting(clinic, 5, priority=outbox.Priority.REMINDER)
        self.waiting(clinic, 2, priority=outbox.Priority.REPLY)
        self.waiting(clinic, 1, priority=outbox.Priority.SAFETY)
        assert [row.priority for row in self.claimed(4)] == [0, 5, 5, 30]

    def test_clinics_of_one_sender_take_turns(self, clinic: Clinic) -> None:
        small = factories.ClinicFactory.create()
        factories.texting(small)
        self.waiting(clinic, 20, priority=30)
        self.waiting(small, 2, priority=30)
        clinics = [row.clinic_id for row in self.claimed(6)]
        assert clinics.count(small.pk) == 2
        assert len(clinics) == 6

    def test_a_full_line_is_left_alone(self, clinic: Clinic) -> None:
        self.waiting(clinic, 2, priority=30)
        assert self.claimed(0) == []


@pytest.mark.django_db(transaction=True)
def test_a_stopped_sender_degrades_readiness_until_it_is_restarted(
    simulator: SimulatedTwilio,
) -> None:
    factories.asked(factories.program(), status="waiting")
    simulator.put_faults(error_rate=1, status=401, error_code=20003)
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert not senders.senders_are_running().ok
    simulator.put_faults()
    assert sending.send_waiting(clock=lambda: CHECK_IN_AT + timedelta(minutes=1)) == 0
    assert senders.restart(Sender.objects.all()) == 1
    assert senders.senders_are_running().ok
    assert sending.send_waiting(clock=lambda: CHECK_IN_AT + timedelta(minutes=1)) == 1
    assert simulator.stats()["accepted"] == 1


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_that_only_the_carrier_knows_is_ours_too(simulator: SimulatedTwilio) -> None:
    program = factories.program()
    factories.asked(program, status="waiting")
    simulator.text_from(str(program.patient.phone), "STOP")
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    message = OutboundMessage.objects.get()
    assert (message.status, message.error_code) == ("failed", 21610)
    consent = PhoneConsent.objects.get()
    assert consent.state == "revoked"
    assert "21610" in consent.events.first().words  # type: ignore[union-attr]  # there is one


@pytest.mark.django_db
def test_departures_of_a_paced_sender_are_spaced(settings: Settings) -> None:
    settings.TEXTS_PER_PATIENT_PER_DAY = 100
    program = factories.program()
    Clinic.objects.update(prompts_per_day=50)
    Sender.objects.update(segments_per_second=20)
    for slot in range(40):
        message = factories.asked(program, slot=slot, status="waiting")
        # Other words each time, or the loop breaker would step in.
        OutboundMessage.objects.filter(pk=message.pk).update(body=f"text {slot}")
    _, departures = preparing.prepare(now=CHECK_IN_AT, limit=500, pacer=Pacer())
    moments = [departure.leave_at for departure in departures]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(departures) == 40
    assert gaps == pytest.approx([1 / (20 * PLANNED_SHARE)] * 39, abs=0.001)


@pytest.mark.django_db(transaction=True)
def test_a_text_that_missed_its_moment_takes_a_new_one(
    simulator: SimulatedTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = factories.program()
    Sender.objects.update(segments_per_second=1)
    factories.asked(program, status="waiting")
    reserved: list[list[float]] = []
    real = Pacer.reserve

    def late_at_first(self: Pacer, line: Line, segments: Sequence[int]) -> list[float]:
        waits = real(self, line, segments) if reserved else [-1.0]
        reserved.append(waits)
        return waits

    monkeypatch.setattr(Pacer, "reserve", late_at_first)
    sending.send_waiting(clock=lambda: CHECK_IN_AT)
    assert len(reserved) == 2
    assert simulator.stats()["accepted"] == 1


@pytest.mark.django_db(transaction=True)
class TestARedFlagOnABusyLine:
    """The answer to a red flag leaves at the next moment of its sender, whoever it was for."""

    def wave(self, clinic: Clinic, count: int) -> None:
        for number in range(count):
            patient = factories.PatientFactory.create(clinic=clinic)
            message = factories.asked(factories.program(patient), status="waiting")
            words = f"{number}: the clinic is closed on Friday"
            OutboundMessage.objects.filter(pk=message.pk).update(priority=10, body=words)

    def test_it_joins_a_line_that_is_booked_up(self, clinic: Clinic, maria: Patient) -> None:
        self.wave(clinic, 8)
        # Slow, so that the line is still booked up when a busy machine looks again.
        Sender.objects.update(segments_per_second=0.1)
        pacer = Pacer()
        claimed, _ = preparing.prepare(now=CHECK_IN_AT, limit=100, pacer=pacer)
        assert claimed == 1
        # Full: nothing more is taken, until somebody writes of a red flag.
        assert preparing.prepare(now=CHECK_IN_AT, limit=100, pacer=pacer) == (0, [])
        inbound = factories.received("I can't walk", maria)
        outbox.add_reply(
            inbound=inbound,
            clinic=clinic,
            patient=maria,
            wording="red_flag_emergency",
            now=CHECK_IN_AT,
        )
        claimed, (departure,) = preparing.prepare(now=CHECK_IN_AT, limit=100, pacer=pacer)
        assert (claimed, departure.priority) == (1, outbox.Priority.SAFETY)

    def test_it_overtakes_what_has_a_moment_already(
        self, clinic: Clinic, maria: Patient, simulator: SimulatedTwilio
    ) -> None:
        self.wave(clinic, 3)
        Sender.objects.update(segments_per_second=4)
        inbound = factories.received("I can't walk", maria)
        real = preparing.prepare
        asked = 0

        def write_meanwhile(**keywords: Any) -> tuple[int, list[preparing.Departure]]:
            nonlocal asked
            asked += 1
            if asked == 2:
                outbox.add_reply(
                    inbound=inbound, clinic=clinic, patient=maria, wording="red_flag_emergency",
                    now=CHECK_IN_AT,
                )  # fmt: skip  # a call
            return real(**keywords)

        attempt = sending.attempt
        left: list[int] = []

        async def note(transport: Any, departure: preparing.Departure, **keywords: Any) -> Any:
            left.append(departure.priority)
            return await attempt(transport, departure, **keywords)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(preparing, "prepare", write_meanwhile)
            patch.setattr(sending, "attempt", note)
            sending.send_waiting(clock=lambda: CHECK_IN_AT)
        assert len(left) == simulator.stats()["accepted"] == 4
        # Its attempt was committed last, and it left before one that had its moment already.
        assert left.index(outbox.Priority.SAFETY) < 3

    def test_a_run_that_is_closing_takes_it_and_nothing_else(
        self,
        clinic: Clinic,
        maria: Patient,
        simulator: SimulatedTwilio,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(sending, "CLAIMING_SECONDS", 0)
        self.wave(clinic, 2)
        assert sending.send_waiting(clock=lambda: CHECK_IN_AT) == 0
        inbound = factories.received("I can't walk", maria)
        outbox.add_reply(
            inbound=inbound,
            clinic=clinic,
            patient=maria,
            wording="red_flag_emergency",
            now=CHECK_IN_AT,
        )
        assert sending.send_waiting(clock=lambda: CHECK_IN_AT) == 1
        assert set(
            OutboundMessage.objects.filter(status="waiting").values_list("wording", flat=True)
        ) == {"check_in"}

    def test_a_long_text_whose_moment_went_to_another_takes_its_segments_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = fresh_line(10)
        long = _departure(1, line, size=3, priority=10)
        urgent = _departure(2, line, size=1, priority=0)
        taken: list[Sequence[int]] = []

        def note(_: Pacer, __: Line, segments: Sequence[int]) -> list[float]:
            taken.append(segments)
            return [0.0]

        monkeypatch.setattr(Pacer, "reserve", note)

        async def leave() -> list[int]:
            run = sending._Run(lambda: CHECK_IN_AT, 10)
            run._in_line[line.sender_id] = [long, urgent]
            going = [await run._most_urgent(moment) for moment in (long, urgent)]
            await run._writer
            return [departure.attempt_id for departure in going]

        assert asyncio.run(leave()) == [urgent.attempt_id, long.attempt_id]
        assert taken == [[3]]


def _departure(attempt: int, line: Line, *, size: int, priority: int) -> preparing.Departure:
    text = Text("+14155550111", "+14155550100", "", "words", "http://localhost/", 60)
    return preparing.Departure(
        attempt_id=attempt,
        token=uuid.uuid4(),
        text=text,
        leave_before=CHECK_IN_AT + timedelta(minutes=1),
        leave_at=float(attempt),
        line=line,
        size=size,
        priority=priority,
        may_retry=True,
    )
