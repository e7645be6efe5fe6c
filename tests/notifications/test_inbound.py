"""From a received text to the record."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from exercises.models import CheckIn, Patient
from notifications.incoming import inbound, parsing
from notifications.incoming.conversation import reading
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, PhoneConsent
from tests import factories
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
LATER = CHECK_IN_AT + timedelta(minutes=5)


def read(body: str, patient: Patient) -> InboundMessage:
    """A text comes in and is read."""
    row = factories.received(body, patient, at=LATER)
    inbound.read_inbound(now=LATER)
    row.refresh_from_db()
    return row


def replies() -> list[str]:
    """The wordings answered, oldest first."""
    rows = OutboundMessage.objects.filter(kind="reply").order_by("pk")
    return list(rows.values_list("wording", flat=True))


def test_a_number_becomes_a_check_in_and_an_answer(maria: Patient) -> None:
    question = factories.asked(factories.program(maria))
    row = read("6", maria)
    check_in = CheckIn.objects.get()
    assert (check_in.score, check_in.source, check_in.local_date) == (6, "sms", TODAY)
    assert question.schedule is not None
    assert check_in.program == question.schedule.program
    assert (row.state, row.reading, row.patient) == ("handled", "score", maria)
    assert replies() == ["recorded"]


def test_reading_twice_answers_once(maria: Patient) -> None:
    factories.asked(factories.program(maria))
    row = read("6", maria)
    assert inbound.read_one(row.message_sid, now=LATER) is False
    assert CheckIn.objects.get().entries.count() == 1
    assert replies() == ["recorded"]


def test_a_later_number_is_a_correction(maria: Patient) -> None:
    factories.asked(factories.program(maria))
    read("6", maria)
    read("4", maria)
    assert CheckIn.objects.get().score == 4
    assert replies() == ["recorded", "corrected"]


def test_a_number_nobody_asked_for_is_kept_as_a_note(maria: Patient) -> None:
    factories.program(maria)
    assert read("6", maria).reading == "score"
    assert not CheckIn.objects.exists()
    assert replies() == ["noted"]


def test_an_unclear_number_is_asked_about(maria: Patient) -> None:
    factories.asked(factories.program(maria))
    assert read("3-4", maria).reading == "clarify"
    assert not CheckIn.objects.exists()
    assert replies() == ["ask_again"]


@pytest.mark.parametrize(
    ("hours", "recorded"), [(19.99, True), (20, False)], ids=["within 20 h", "after 20 h"]
)
def test_a_question_stays_open_for_twenty_hours(
    maria: Patient, hours: float, recorded: bool
) -> None:
    factories.asked(factories.program(maria), at=LATER - timedelta(hours=hours))
    read("6", maria)
    assert CheckIn.objects.exists() is recorded


def test_an_auto_responder_gets_one_acknowledgement_a_day(maria: Patient) -> None:
    factories.program(maria)
    for _ in range(3):
        read("I am away and will answer later", maria)
    assert replies() == ["noted"]


class TestTwoPatientsOnOnePhone:
    """Ellen and Tom share a phone."""

    @pytest.fixture
    def ellen(self, maria: Patient) -> Patient:
        patient: Patient = factories.PatientFactory.create(
            clinic=maria.clinic, first_name="Ellen", phone="+14155550114"
        )
        return patient

    @pytest.fixture
    def tom(self, ellen: Patient) -> Patient:
        patient: Patient = factories.PatientFactory.create(
            clinic=ellen.clinic, first_name="Tom", phone=ellen.phone
        )
        return patient

    def test_a_bare_number_is_asked_about_when_both_were_asked(
        self, ellen: Patient, tom: Patient
    ) -> None:
        factories.asked(factories.program(ellen))
        factories.asked(factories.program(tom))
        read("5", tom)
        assert not CheckIn.objects.exists()
        reply = OutboundMessage.objects.get(kind="reply")
        assert (reply.wording, reply.names) == ("ask_who", "Ellen / Tom")

    @pytest.mark.parametrize("text", ["Tom 5", "5 tom", "tom: 5"])
    def test_a_name_tells_whose_it_is(self, ellen: Patient, tom: Patient, text: str) -> None:
        factories.asked(factories.program(ellen))
        factories.asked(factories.program(tom))
        read(text, tom)
        assert CheckIn.objects.get().program.patient == tom

    def test_after_one_answer_the_next_number_is_the_others(
        self, ellen: Patient, tom: Patient
    ) -> None:
        factories.asked(factories.program(ellen))
        factories.asked(factories.program(tom))
        read("Ellen 2", tom)
        read("5", tom)
        scores = CheckIn.objects.values_list("program__patient__first_name", "score")
        assert set(scores) == {("Ellen", 2), ("Tom", 5)}

    def test_stop_stops_every_text_to_the_phone(self, ellen: Patient, tom: Patient) -> None:
        for patient in (ellen, tom):
            factories.asked(factories.program(patient), status="waiting")
        stop = read("STOP", tom)
        assert set(PhoneConsent.objects.values_list("state", flat=True)) == {"revoked"}
        assert set(OutboundMessage.objects.values_list("status", "skip_reason")) == {
            ("skipped", "opted_out")
        }
        event = ConsentEvent.objects.get(inbound=stop)
        assert (event.words, event.how, event.state) == ("STOP", "sms", "revoked")


def test_start_resumes_and_twilio_answers_keywords_itself(maria: Patient) -> None:
    factories.program(maria)
    read("STOP", maria)
    read("START", maria)
    read("HELP", maria)
    assert PhoneConsent.objects.get().state == "granted"
    states = ConsentEvent.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["granted", "revoked", "granted"]
    assert replies() == []


def test_a_text_from_nobody_is_kept_and_not_answered(maria: Patient) -> None:
    stranger = factories.PatientFactory.build(phone="+14155550177")
    row = read("6", stranger)
    assert (row.state, row.patient, replies()) == ("handled", None, [])


def test_a_text_that_cannot_be_read_is_parked_and_the_next_is_not_held_up(
    maria: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.asked(factories.program(maria))
    bad = factories.received("boom", maria, at=LATER - timedelta(seconds=1))
    good = factories.received("6", maria, at=LATER)
    real = parsing.parse

    def explode(text: str, *, language: str) -> object:
        if text == "boom":
            raise ZeroDivisionError
        return real(text, language=language)

    monkeypatch.setattr(reading, "parse", explode)
    assert inbound.read_inbound(now=LATER) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.parked_reason) == ("parked", "ZeroDivisionError")
    assert good.state == "handled"


@pytest.mark.django_db(transaction=True)
def test_one_text_handled_by_twenty_threads_is_one_check_in_and_one_answer(
    maria: Patient,
) -> None:
    factories.asked(factories.program(maria))
    row = factories.received("6", maria)
    start = threading.Barrier(20)

    def handle() -> None:
        start.wait(timeout=20)
        try:
            inbound.read_one(row.message_sid, now=LATER)
        finally:
            connection.close()

    threads = [threading.Thread(target=handle) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert CheckIn.objects.get().entries.count() == 1
    assert replies() == ["recorded"]
