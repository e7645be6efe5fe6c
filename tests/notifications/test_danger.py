"""What is said after a text about 911 or 988: it answers no question of ours, and is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from rest_framework.test import APIClient

from exercises.models import Alert, CheckIn, Clinic, Patient, Prescription, SessionLog, User
from exercises.services.alerts import acknowledge
from notifications.incoming import inbound
from notifications.messages import keep_message
from notifications.models import InboundMessage, InboxItem, OutboundMessage, PhoneConsent
from notifications.outgoing import preparing
from notifications.outgoing.guards import HELD_BY_ALERTS
from notifications.outgoing.pacing import Pacer
from notifications.wording import LANGUAGES, wordings
from tests import factories
from tests.conftest import api_of
from tests.notifications.test_conversation import ask, at, patient_with, say

pytestmark = pytest.mark.django_db
CRISIS, EMERGENCY = "red_flag_crisis", "red_flag_emergency"
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def maria(clinic: Clinic) -> Patient:
    """Asked for her exercises at 17:00; at 22:00 she writes that she wants to die."""
    maria = patient_with(clinic, "check_in", "exercise")
    ask(maria, "exercise", at(17))
    assert say(maria, "I want to kill myself", at(22)) == CRISIS
    return maria


@pytest.mark.parametrize(
    "body",
    [
        "yes", "Yes!", "si", "no", "No.", "nope", "ok", "okay", "y", "n", "done", "Done.", "hecho", "skip", "later",
        "\N{THUMBS UP SIGN}", "no one cares", "help me", "I need help", "ayudame", "necesito ayuda", "it hurts", "half",
        "7", "10", "2 of 5", "6 hours", "yes please", "yes now", "si por favor", "please", "what should I do", "que hago", "LINK", "FLARE",
        "pause 3", "pausa 3", "who is this?", "thank you", "call me", "I took them", "It's Maria",
    ],
)  # fmt: skip  # a list
def test_a_word_after_a_crisis_answers_nothing_else(maria: Patient, body: str) -> None:
    assert say(maria, body, at(22, 1)) == CRISIS
    assert not SessionLog.objects.exists()
    assert InboxItem.objects.filter(inbound__body=body, handled_at=None).exists()


def test_nobody_meets_silence_however_often_they_write(maria: Patient) -> None:
    words = ["I am scared", "nobody is here", "please answer", "I have them here", "goodbye"]
    assert [say(maria, body, at(22, 1 + minute)) for minute, body in enumerate(words)] == [
        CRISIS
    ] * 5
    assert InboxItem.objects.count() == 6


def test_a_photo_alone_is_for_a_person_as_well(maria: Patient) -> None:
    row = factories.received("", maria, at=at(22, 1))
    InboundMessage.objects.filter(pk=row.pk).update(media_count=1)
    inbound.read_inbound(now=at(22, 1))
    assert OutboundMessage.objects.get(answers=row).wording == CRISIS
    assert InboxItem.objects.filter(inbound=row).exists()


def test_writing_again_asks_everybody_again_an_hour_later(maria: Patient) -> None:
    say(maria, "help me", at(22, 30))
    alert = Alert.objects.get()
    assert (alert.times, alert.told_round) == (2, 0)
    assert "self_harm" in alert.detail
    say(maria, "please", at(23, 5))
    alert.refresh_from_db()
    assert alert.told_round == 1


def test_a_yes_in_the_same_minute_answers_nothing_though_it_is_read_late(clinic: Clinic) -> None:
    """Both are read hours after they came: when they were said counts."""
    maria = patient_with(clinic, "exercise")
    ask(maria, "exercise", at(17))
    rows = [
        factories.received(body, maria, at=at(22, 0) + timedelta(seconds=second))
        for second, body in enumerate(("6", "I want to kill myself", "yes"))
    ]
    inbound.read_inbound(now=at(25))
    wordings_ = OutboundMessage.objects.filter(answers=rows[2]).values_list("wording", flat=True)
    assert list(wordings_) == [CRISIS]
    assert not SessionLog.objects.exists()


def test_what_was_said_before_it_keeps_its_meaning(maria: Patient) -> None:
    ask(maria, "check_in", at(8, 30))
    assert say(maria, "6", at(9), read_at=at(22, 2)) == "recorded"


def test_the_keyword_alone_is_answered_as_carriers_ask_with_both_numbers(maria: Patient) -> None:
    assert say(maria, "ayuda", at(22, 1)) == "help"
    assert all("911" in wordings(language)["help"] for language in LANGUAGES)


def test_a_number_of_the_next_day_is_a_score_as_before(maria: Patient) -> None:
    ask(maria, "check_in", at(8, 30, day=1))
    assert say(maria, "6", at(9, day=1)) == "recorded"


def test_a_question_that_left_meanwhile_is_not_what_is_answered(clinic: Clinic) -> None:
    maria = patient_with(clinic, "check_in", "average")
    assert say(maria, "my chest hurts", at(18, 59)) == EMERGENCY
    ask(maria, "average", at(19))
    for minute, body in enumerate(("10", "no", "help me")):
        assert say(maria, body, at(19, 5 + minute)) == EMERGENCY
    assert not CheckIn.objects.exists()


def test_a_colleague_who_wrote_since_is_who_is_answered(maria: Patient) -> None:
    row = ask(maria, "check_in", at(8, 30, day=1))
    OutboundMessage.objects.filter(pk=row.pk).update(kind="message", wording="message")
    assert say(maria, "yes", at(9, day=1)).startswith("noted")


def test_a_question_asked_since_is_answered_as_before(maria: Patient) -> None:
    ask(maria, "check_in", at(8, 30, day=1))
    assert say(maria, "ok", at(9, day=1)) == "ask_again"


def test_what_was_done_meanwhile_is_for_the_clinician(maria: Patient) -> None:
    """Exercises are on hold: no praise, no row; the page refuses it as well."""
    ask(maria, "check_in", at(8, 30, day=1))
    assert say(maria, "done", at(9, day=1)).startswith("noted")
    assert not SessionLog.objects.exists()
    assert InboxItem.objects.filter(inbound__body="done").exists()


def test_once_closed_it_is_as_before(maria: Patient, alice: User) -> None:
    acknowledge(alert=Alert.objects.get(), by=alice, note="Called her.", now=at(22, 30))
    # But for a yes that still answers our words about 988; nobody is alarmed anew.
    assert say(maria, "yes", at(22, 31)) == CRISIS
    assert Alert.objects.filter(acknowledged_at=None).count() == 0
    ask(maria, "exercise", at(17, day=1))
    assert say(maria, "done", at(17, 10, day=1)) == "done"
    assert SessionLog.objects.count() == 1


def test_chest_pain_after_a_crisis_is_its_own(maria: Patient) -> None:
    """An overdose is this very sequence: 911, both signs in sight, everybody told anew."""
    assert say(maria, "my chest hurts and I can't breathe", at(22, 20)) == EMERGENCY
    alert = Alert.objects.get()
    assert "self_harm" in alert.detail
    assert "heart_or_lung" in alert.detail
    assert (alert.urgency, alert.told_round) == ("crisis", 1)


@pytest.mark.parametrize(
    ("later", "body"),
    [(EMERGENCY, "ok going to the ER"), (EMERGENCY, "my toes are numb"), (CRISIS, "quiero morir")],
)
def test_a_lesser_sign_never_takes_the_place_of_a_greater(
    clinic: Clinic, later: str, body: str
) -> None:
    maria = patient_with(clinic)
    assert say(maria, "my chest hurts", at(22)) == EMERGENCY
    assert say(maria, body, at(22, 5)) == later


@pytest.mark.parametrize("body", ["my toes are numb", "yes", "wrong number", "are you there?"])
def test_nor_in_the_app(maria: Patient, body: str) -> None:
    _, answer = keep_message(patient=maria, body=body, message_id=uuid4(), now=at(22, 5))
    assert "988 now" in answer


def test_what_began_in_the_app_goes_on_by_text(clinic: Clinic) -> None:
    maria = patient_with(clinic, "exercise")
    ask(maria, "exercise", at(17))
    keep_message(patient=maria, body="I want to die", message_id=uuid4(), now=at(22))
    assert say(maria, "yes", at(22, 1)) == CRISIS
    assert not SessionLog.objects.exists()


@pytest.mark.parametrize(
    ("body", "wording"),
    [
        ("stop texting me, I can't breathe", "stopped_emergency"),
        ("my chest hurts, please stop texting me", "stopped_emergency"),
        ("no more texts, I want to die", "stopped_crisis"),
        ("stop texting me, my toes are numb", "stopped_flag"),
        ("stop texting me", "stopped"),
    ],
)
def test_an_opt_out_with_a_sign_says_whom_to_call_and_no_if(
    clinic: Clinic, body: str, wording: str
) -> None:
    maria = patient_with(clinic)
    assert say(maria, body, at(9)) == wording
    assert PhoneConsent.objects.get().state == "revoked"


@pytest.mark.parametrize("body", ["stop texting me", "dejen de escribirme"])
def test_an_opt_out_after_it_still_says_whom_to_call(maria: Patient, body: str) -> None:
    assert say(maria, body, at(22, 1)) == "stopped_crisis"
    assert "then ended the texts" in Alert.objects.get().detail
    assert InboxItem.objects.filter(inbound__body=body).exists()
    # A yes to that is no wish for texts.
    say(maria, "yes", at(22, 2))
    assert PhoneConsent.objects.get().state == "revoked"


def test_a_hold_gags_no_number_to_call(maria: Patient) -> None:
    assert say(maria, "wrong number", at(22, 1)) == CRISIS
    assert PhoneConsent.objects.get().state == "held"
    for minute, (body, wording) in enumerate(
        (("I am scared", CRISIS), ("ayuda", "help"), ("undo", "flag_stands"))
    ):
        row = factories.received(body, maria, at=at(22, 2 + minute))
        inbound.read_inbound(now=at(22, 2 + minute))
        preparing.prepare(now=at(22, 2 + minute), limit=5, pacer=Pacer())
        told = OutboundMessage.objects.get(answers=row)
        assert (told.wording, told.skip_reason) == (wording, "")


def test_on_a_shared_phone_the_one_in_danger_is_answered(clinic: Clinic) -> None:
    maria = patient_with(clinic, "check_in")
    tomas = patient_with(clinic, "check_in", first_name="Tomas")
    Patient.objects.filter(pk=tomas.pk).update(language="es")
    assert say(tomas, "Tomas: quiero morir", at(22)) == CRISIS
    row = factories.received("no", maria, at=at(22, 1))
    inbound.read_inbound(now=at(22, 1))
    told = OutboundMessage.objects.get(answers=row)
    assert (told.wording, told.patient) == (CRISIS, tomas)


def test_a_doubtful_opt_out_is_held_as_well(maria: Patient) -> None:
    assert say(maria, "wrong number", at(22, 1)) == CRISIS
    assert PhoneConsent.objects.get().state == "held"


def test_taking_a_sign_back_says_that_a_person_still_looks(maria: Patient) -> None:
    assert say(maria, "undo", at(22, 1)) == "flag_stands"
    assert Alert.objects.get().acknowledged_at is None


def test_nobody_is_missed_while_an_alert_holds_the_exercises() -> None:
    assert OutboundMessage.Kind.NUDGE in HELD_BY_ALERTS


class TestNotes:
    """Words beside a score or a log, from an app: heard like any other (promise 17)."""

    @pytest.fixture
    def phone(self, clinic: Clinic) -> APIClient:
        maria = patient_with(clinic, "check_in")
        return api_of(User.objects.create(patient=maria))

    @pytest.fixture(autouse=True)
    def _clock(self) -> Iterator[None]:
        with time_machine.travel(factories.CHECK_IN_AT, tick=False):
            yield

    def told(self, path: str, note: str) -> dict[str, object]:
        of_day: dict[str, object] = {
            "id": str(uuid4()),
            "local_date": str(factories.TODAY),
            "note": note,
        }
        if "sessions" in path:
            exercise = Prescription.objects.earliest("pk").exercise.slug
            return of_day | {"exercise": exercise, "outcome": "skipped", "reason": "pain"}
        return of_day | {"kind": "first_step", "score": 4}

    @pytest.mark.parametrize("path", ["check-ins", "sessions"])
    @pytest.mark.parametrize(
        ("note", "number"), [("I want to kill myself", "988 now"), ("chest pain", "911 now")]
    )
    def test_a_sign_is_told_and_answered(
        self, phone: APIClient, path: str, note: str, number: str
    ) -> None:
        body = self.told(path, note)
        for _ in range(2):
            answer = phone.post(f"/api/v1/me/{path}/", body, format="json")
            assert answer.status_code == 201, answer.data
            assert number in answer.data["answer"]
        assert Alert.objects.get(reason="red_flag").times == 1
        assert InboxItem.objects.filter(inbound__body=note).count() == 1

    def test_any_words_stand_in_the_inbox_and_none_are_answered_with_nothing(
        self, phone: APIClient
    ) -> None:
        answer = phone.post(
            "/api/v1/me/check-ins/", self.told("check-ins", "call me please"), format="json"
        )
        assert "Bay Foot" in answer.data["answer"]
        assert InboxItem.objects.get().inbound.body == "call me please"
        answer = phone.post("/api/v1/me/check-ins/", self.told("check-ins", ""), format="json")
        assert answer.data["answer"] == ""

    def test_also_in_a_batch_and_beside_what_is_refused(self, phone: APIClient) -> None:
        good = self.told("check-ins", "quiero morir") | {"type": "check_in"}
        bad = self.told("check-ins", "I can't breathe") | {"type": "check_in", "score": 11}
        odd = self.told("check-ins", "x\x00") | {"type": "check_in", "score": 11}
        answer = phone.post("/api/v1/me/batch/", {"items": [good, bad, odd]}, format="json")
        kept, refused, silent = answer.data["results"]
        assert (kept["status"], refused["status"]) == ("kept", "refused")
        assert "988" in kept["answer"]
        assert "911 now" in refused["answer"]
        assert silent["answer"] == ""
        assert InboxItem.objects.count() == 2

    @pytest.mark.parametrize("wrong", [{"local_date": "2025-01-01"}, {"program": NOBODYS}])
    @pytest.mark.parametrize("path", ["check-ins", "sessions"])
    def test_also_beside_another_day_or_program(
        self, phone: APIClient, path: str, wrong: dict[str, str]
    ) -> None:
        body = self.told(path, "chest pain") | wrong
        assert phone.post(f"/api/v1/me/{path}/", body, format="json").status_code in {400, 409}
        assert Alert.objects.get().reason == "red_flag"

    def test_exercises_done_while_they_wait_are_refused_on_every_face(
        self, phone: APIClient
    ) -> None:
        phone.post("/api/v1/me/check-ins/", self.told("check-ins", "chest pain"), format="json")
        log = self.told("sessions", "") | {"outcome": "done", "reason": ""}
        with time_machine.travel(factories.CHECK_IN_AT + timedelta(minutes=5), tick=False):
            answer = phone.post("/api/v1/me/sessions/", log, format="json")
        assert (answer.status_code, answer.data["code"]) == (409, "red_flag")
        assert not SessionLog.objects.exists()
