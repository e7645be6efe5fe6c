"""What is said after a text about 911 or 988: it answers no question of ours, and is never lost."""

from __future__ import annotations

from uuid import uuid4

import pytest

from exercises.models import Alert, Clinic, Patient, SessionLog, User
from exercises.services.alerts import acknowledge
from notifications.messages import keep_message
from notifications.models import InboxItem, OutboundMessage, PhoneConsent
from notifications.outgoing.guards import HELD_BY_ALERTS
from notifications.wording import LANGUAGES, wordings
from tests.notifications.test_conversation import ask, at, patient_with, say

pytestmark = pytest.mark.django_db
CRISIS, EMERGENCY = "red_flag_crisis", "red_flag_emergency"


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
    ],
)  # fmt: skip  # a list
def test_a_word_after_a_crisis_answers_nothing_else(maria: Patient, body: str) -> None:
    assert say(maria, body, at(22, 1)) == CRISIS
    assert not SessionLog.objects.exists()
    assert InboxItem.objects.filter(inbound__body=body, handled_at=None).exists()


@pytest.mark.parametrize("body", ["I am with my sister now", "estoy con mi hermana"])
def test_words_are_kept_and_say_the_numbers_again(maria: Patient, body: str) -> None:
    assert say(maria, body, at(22, 1)).startswith("noted")
    assert InboxItem.objects.filter(inbound__body=body).exists()


def test_the_keyword_alone_is_answered_as_carriers_ask_with_both_numbers(maria: Patient) -> None:
    assert say(maria, "ayuda", at(22, 1)) == "help"
    assert all("911" in wordings(language)["help"] for language in LANGUAGES)


def test_a_number_of_the_next_day_is_a_score_as_before(maria: Patient) -> None:
    ask(maria, "check_in", at(8, 30, day=1))
    assert say(maria, "6", at(9, day=1)) == "recorded"


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
    ask(maria, "exercise", at(17, day=1))
    assert say(maria, "done", at(17, 10, day=1)) == "done"
    assert SessionLog.objects.count() == 1


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


def test_nor_in_the_app(maria: Patient, alice: User) -> None:
    _, answer = keep_message(
        patient=maria, body="my toes are numb", message_id=uuid4(), now=at(22, 5)
    )
    assert "988" in answer


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


def test_a_doubtful_opt_out_is_held_as_well(maria: Patient) -> None:
    assert say(maria, "wrong number", at(22, 1)) == CRISIS
    assert PhoneConsent.objects.get().state == "held"


def test_taking_a_sign_back_says_that_a_person_still_looks(maria: Patient) -> None:
    assert say(maria, "undo", at(22, 1)) == "flag_stands"
    assert Alert.objects.get().acknowledged_at is None


def test_nobody_is_missed_while_an_alert_holds_the_exercises() -> None:
    assert OutboundMessage.Kind.NUDGE in HELD_BY_ALERTS
