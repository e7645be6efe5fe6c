"""Looked up at leaving: the phone as it is now, and the consent of this person at this number."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import Alert, Patient, Program, User
from exercises.services import save_patient, watch_due
from notifications import consent
from notifications.incoming import inbound
from notifications.messages import write_message
from notifications.models import OutboundMessage, PhoneConsent
from notifications.outgoing import due, sending
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING
from tests.simulated_twilio import SimulatedTwilio

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = MORNING + timedelta(hours=15)  # 22:00 in New York
NEXT_MORNING = MORNING + timedelta(days=1, hours=1)
OLD, NEW = "+14155550111", "+14155550155"


def move(patient: Patient, phone: str) -> None:
    patient.phone = phone  # type: ignore[assignment]  # what is assigned becomes a number
    save_patient(patient=patient, save=patient.save, now=timezone.now())


@pytest.fixture
def ana(maria: Patient) -> Patient:
    """A patient who agreed at her old number."""
    move(maria, OLD)
    factories.consent_of(maria)
    OutboundMessage.objects.all().delete()
    return maria


def waiting() -> OutboundMessage:
    return OutboundMessage.objects.get()


class TestTheNumberIsLookedUpAtLeaving:
    """Whatever waits goes to the phone that the patient has then, if she agreed there."""

    def write(self, ana: Patient, alice: User) -> None:
        write_message(
            patient=ana, words="Please call us.", message_id=uuid.uuid4(), by=alice, now=NIGHT
        )

    def confirm(self, ana: Patient, alice: User) -> None:
        consent.record_consent(patient=ana, how="paper", words="Yes", recorded_by=alice, now=NIGHT)

    def check_in(self, ana: Patient, alice: User) -> None:
        factories.program(ana)
        due.write_due(now=CHECK_IN_AT)

    @pytest.mark.parametrize("kind", ["write", "confirm", "check_in"])
    @pytest.mark.parametrize("agreed", [True, False])
    def test_what_waits_goes_to_the_new_phone_or_nowhere(
        self, ana: Patient, alice: User, simulator: SimulatedTwilio, kind: str, agreed: bool
    ) -> None:
        getattr(self, kind)(ana, alice)
        move(ana, NEW)
        if agreed:
            consent.record_consent(
                patient=ana, how="paper", words="Yes", recorded_by=alice, now=NIGHT, confirm=False
            )
        message = waiting()
        at = max(message.not_before, message.due_at)
        sending.send_waiting(clock=lambda: at)
        assert simulator.texts_to(OLD) == []
        assert len(simulator.texts_to(NEW)) == int(agreed)
        message.refresh_from_db()
        assert message.to_phone == (NEW if agreed else OLD)
        assert message.skip_reason == ("" if agreed else "no_consent")

    def test_an_answer_goes_to_the_phone_that_wrote(
        self, ana: Patient, simulator: SimulatedTwilio
    ) -> None:
        factories.received("Can I swim?", ana, at=CHECK_IN_AT)
        inbound.read_inbound(now=CHECK_IN_AT)
        move(ana, NEW)
        sending.send_waiting(clock=lambda: CHECK_IN_AT)
        assert len(simulator.texts_to(OLD)) == 1
        assert simulator.texts_to(NEW) == []


class TestConsentIsAPersonsAtANumber:
    """A phone company gives numbers to strangers; an opt-out stays with the number."""

    def ben(self, ana: Patient) -> Patient:
        ben: Patient = factories.PatientFactory.create(
            clinic=ana.clinic, first_name="Ben", phone=OLD
        )
        return ben

    def test_a_recycled_number_has_no_consent(
        self, ana: Patient, api: APIClient, simulator: SimulatedTwilio
    ) -> None:
        move(ana, NEW)
        ben = self.ben(ana)
        factories.program(ben, with_consent=False)
        due.write_due(now=CHECK_IN_AT)
        sending.send_waiting(clock=lambda: CHECK_IN_AT)
        assert simulator.texts_to(OLD) == []
        assert waiting().skip_reason == "no_consent"
        assert consent.of(ben) is None
        assert api.get(f"/api/v1/patients/{ben.pk}/consent/").json()["results"] == []
        assert consent.of(ana) is None

    def test_a_second_person_on_a_phone_agrees_for_themselves(self, ana: Patient) -> None:
        ben = self.ben(ana)
        assert (consent.of(ana), consent.of(ben)) == ("granted", None)
        factories.consent_of(ben)
        assert (consent.of(ana), consent.of(ben)) == ("granted", "granted")

    def test_who_comes_back_to_their_own_number_has_agreed_there(self, ana: Patient) -> None:
        move(ana, NEW)
        move(ana, OLD)
        assert consent.of(ana) == "granted"

    def test_an_opt_out_stays_with_the_number(self, ana: Patient) -> None:
        factories.received("STOP", ana, at=CHECK_IN_AT)
        inbound.read_inbound(now=CHECK_IN_AT)
        move(ana, NEW)
        assert consent.of(self.ben(ana)) == "revoked"

    def test_nobody_agrees_again_by_the_word_of_another(self, ana: Patient) -> None:
        factories.received("STOP", ana, at=CHECK_IN_AT)
        inbound.read_inbound(now=CHECK_IN_AT)
        ben = self.ben(ana)
        factories.consent_of(ben)
        # Whoever said STOP is not texted because somebody else on the phone agreed.
        assert (consent.of(ben), consent.of(ana)) == ("granted", None)

    def test_start_makes_no_consent_that_never_was(self, ana: Patient) -> None:
        PhoneConsent.objects.all().delete()
        for body in ("STOP", "START"):
            factories.received(body, ana, at=CHECK_IN_AT)
            inbound.read_inbound(now=CHECK_IN_AT)
        assert consent.of(ana) == "revoked"

    @pytest.mark.parametrize("ben_agreed", [True, False])
    def test_start_is_the_word_of_those_of_the_phone_who_agreed_before(
        self, ana: Patient, ben_agreed: bool
    ) -> None:
        ben = self.ben(ana)
        if ben_agreed:
            factories.consent_of(ben)
        for body in ("STOP", "START"):
            factories.received(body, ana, at=CHECK_IN_AT)
            inbound.read_inbound(now=CHECK_IN_AT)
        assert (consent.of(ana), consent.of(ben)) == ("granted", "granted" if ben_agreed else None)

    def test_start_of_the_only_one_who_has_the_phone_is_theirs(self, ana: Patient) -> None:
        move(ana, NEW)
        ben = self.ben(ana)
        for body in ("STOP", "START"):
            factories.received(body, ben, at=CHECK_IN_AT)
            inbound.read_inbound(now=CHECK_IN_AT)
        assert consent.of(ben) == "granted"

    def test_an_opt_out_of_the_old_phone_takes_nothing_from_the_new(
        self, ana: Patient, alice: User, simulator: SimulatedTwilio
    ) -> None:
        move(ana, NEW)
        factories.consent_of(ana)
        move(ana, OLD)
        TestTheNumberIsLookedUpAtLeaving().write(ana, alice)
        move(ana, NEW)
        ben = self.ben(ana)
        factories.received("STOP", ben, at=NIGHT)
        inbound.read_inbound(now=NIGHT)
        message = OutboundMessage.objects.get(kind="message")
        sending.send_waiting(clock=lambda: message.due_at)
        assert len(simulator.texts_to(NEW)) == 1

    def test_a_message_to_who_has_not_agreed_is_refused(self, ana: Patient, api: APIClient) -> None:
        url = f"/api/v1/patients/{self.ben(ana).pk}/messages/"
        answer = api.post(url, {"id": str(uuid.uuid4()), "body": "See you."})
        assert answer.json()["code"] == "no_consent"

    def test_a_reply_of_somebody_who_has_not_agreed_is_still_answered(
        self, ana: Patient, simulator: SimulatedTwilio
    ) -> None:
        move(ana, NEW)
        ben = self.ben(ana)
        factories.received("Can I swim?", ben, at=CHECK_IN_AT)
        inbound.read_inbound(now=CHECK_IN_AT)
        sending.send_waiting(clock=lambda: CHECK_IN_AT)
        assert len(simulator.texts_to(OLD)) == 1


class TestWhatIsCountedIsWhatHappened:
    """Days without texts for reasons of ours are no silence and no omission of the patient's."""

    def days(self, program: Program, count: int, **fields: Any) -> None:
        """As many days on which the texts of a day ended so."""
        schedules = {row.kind: row for row in program.schedules.all()}
        for day in range(count):
            at = CHECK_IN_AT + timedelta(days=day)
            for kind, schedule in schedules.items():
                OutboundMessage.objects.create(
                    clinic=program.patient.clinic, patient=program.patient, to_phone=OLD, kind=kind,
                    schedule=schedule, local_date=at.date(), slot=0, wording=kind, due_at=at,
                    not_before=at, priority=20, **{"attempted_at": at, **fields},
                )  # fmt: skip  # a row
        Program.objects.update(watch_at=None, heard_at=MORNING)

    def reasons(self, program: Program, day: int) -> set[str]:
        at = CHECK_IN_AT + timedelta(days=day, hours=12)
        Program.objects.update(watch_at=at)
        watch_due(now=at)
        return set(Alert.objects.values_list("reason", flat=True))

    OURS = (
        {"status": "skipped", "skip_reason": "texting_off", "attempted_at": None},
        {"status": "skipped", "skip_reason": "consent_held", "attempted_at": None},
        {"status": "skipped", "skip_reason": "quiet_hours", "attempted_at": None},
        {"status": "skipped", "skip_reason": "no_sender", "attempted_at": None},
        {"status": "skipped", "skip_reason": "red_flag", "attempted_at": None},
        {"status": "failed", "error_code": 30023},
        {"status": "undelivered", "error_code": 30006},
        {"status": "unknown"},
        {"status": "waiting", "attempted_at": None},
    )

    @pytest.mark.parametrize("ended", OURS, ids=lambda row: row.get("skip_reason", row["status"]))
    def test_days_without_texts_are_no_silence_and_texts_go_on_the_next_morning(
        self, ana: Patient, simulator: SimulatedTwilio, ended: dict[str, Any]
    ) -> None:
        program = factories.program(ana)
        self.days(program, 6, **ended)
        OutboundMessage.objects.filter(status="waiting").update(status="failed")
        assert self.reasons(program, 6) == set()
        at = CHECK_IN_AT + timedelta(days=7)
        program.schedules.filter(kind="check_in").update(
            next_due_at=at, next_local_date=at.date(), next_slot=0
        )
        due.write_due(now=at)
        sending.send_waiting(clock=lambda: at)
        assert len(simulator.texts_to(OLD)) == 1

    @pytest.mark.parametrize("status", ["accepted", "sent", "delivered"])
    def test_questions_that_reached_the_patient_are(self, ana: Patient, status: str) -> None:
        program = factories.program(ana)
        self.days(program, 4, status=status)
        assert self.reasons(program, 4) == {"silent_3"}

    def test_an_answer_ends_the_count(self, ana: Patient) -> None:
        program = factories.program(ana)
        self.days(program, 4, status="delivered")
        Program.objects.update(heard_at=CHECK_IN_AT + timedelta(days=2, hours=1))
        assert self.reasons(program, 4) == set()

    def test_days_that_began_before_an_outage_count_and_those_in_it_do_not(
        self, ana: Patient
    ) -> None:
        program = factories.program(ana)
        self.days(program, 6, status="delivered")
        OutboundMessage.objects.filter(
            local_date__gt=CHECK_IN_AT.date() + timedelta(days=1)
        ).update(status="failed")
        assert self.reasons(program, 6) == set()


def test_moving_a_patient_ends_no_consent_of_who_stays(maria: Patient) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    for patient in (maria, tom):
        factories.consent_of(patient)
    move(maria, NEW)
    assert consent.of(tom) == "granted"
    assert PhoneConsent.objects.count() == 1
