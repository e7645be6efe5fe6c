"""Yes, a part of it, "at 7" and "who is this?": short answers to what we wrote."""

from __future__ import annotations

from datetime import time

import pytest

from exercises.models import Clinic, SessionLog
from exercises.services.alerts import open_alert
from notifications.incoming.parsing import Kind, parse
from notifications.incoming.parsing.answers import asks_who, is_fraction, is_part, is_yes
from notifications.incoming.parsing.plain import plain
from notifications.models import OutboundMessage
from tests.notifications.test_conversation import ask, at, logs, patient_with, say, scores

SEVEN = (time(7), time(19))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("remind me at 7pm", (time(19),)), ("Remind me at 7", SEVEN), ("later at 7:30 pm", (time(19, 30),)),
        ("ask me at 19:00", (time(19),)), ("remind me at seven", SEVEN), ("remind me tonight", (time(19),)),
        ("text me at 8 in the morning", (time(8),)), ("recuérdame a las 7", SEVEN), ("más tarde, a las 8 de la noche", (time(20),)),
        ("snooze until 6pm", (time(18),)), ("i'll do it at 6 pm", (time(18),)), ("remind me at 12 pm", (time(12),)),
        ("remind me at 12am", (time(0),)),
    ],
)  # fmt: skip  # a table
def test_a_time_of_day_is_read(text: str, times: tuple[time, ...]) -> None:
    reply = parse(text, language="en")
    assert (reply.kind, reply.times, reply.minutes) == (Kind.LATER, times, None)


@pytest.mark.parametrize("text", ["remind me at 25", "remind me at 7:75", "at 7", "7pm", "remind me at home"])  # fmt: skip
def test_what_is_no_time_reminds_of_nothing(text: str) -> None:
    assert parse(text, language="en").kind in {Kind.CLARIFY, Kind.NOTE}


PARTS = [
    "did half", "I did half of them", "did 3 of the 5", "only did 2", "hice la mitad", "half of them",
    "did some of the exercises", "hice algunos", "I only did a few today", "half done", "did most of it",
]  # fmt: skip  # a table


@pytest.mark.parametrize("text", PARTS)
def test_a_part_is_read_as_a_part(text: str) -> None:
    assert is_part(plain(text))


@pytest.mark.parametrize("text", ["half as bad as yesterday", "5 of 10", "2 of 10", "half the pain", "some pain", "most of the night"])  # fmt: skip
def test_what_speaks_of_pain_is_no_part(text: str) -> None:
    assert not is_part(plain(text))
    assert not is_fraction(plain(text))


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes!", "Si", "sí", "yep", "👍", "👍🏽", "✅", "Liked “Hi Maria, Bay Foot here. Exercises today: 5. Reply DONE or SKIP.”",
     "👍 to “Exercises today: 5. Reply DONE or SKIP.”", "Le gustó “Ejercicios de hoy: 5. Responda HECHO o SALTAR.”"],
)  # fmt: skip  # a table
def test_yes_is_yes(text: str) -> None:
    assert is_yes(text)


@pytest.mark.parametrize(
    "text",
    ["yes but it hurt", "no", "👎", "Disliked “Exercises today: 5. Reply DONE or SKIP.”", "Liked “First steps today: pain 0 to 10?”",
     "yes I will", "yes?? who is this", "Questioned “Reply DONE or SKIP.”"],
)  # fmt: skip  # a table
def test_what_says_more_or_no_is_no_yes(text: str) -> None:
    assert not is_yes(text)


@pytest.mark.parametrize(
    "text",
    ["who is this?", "Who's this", "who dis? ".replace("dis", "is this"), "hi, who is texting me?", "¿Quién es?", "quien habla", "de parte de quien?"],
)  # fmt: skip  # a table
def test_who_asks_who_we_are_is_told(text: str) -> None:
    assert asks_who(plain(text))


def test_a_sign_beside_the_question_goes_first() -> None:
    assert parse("who is this? I have chest pain", language="en").kind is Kind.RED_FLAG
    assert parse("who is this? stop texting me", language="en").kind is Kind.OPT_OUT


@pytest.mark.django_db
class TestConversation:
    """What such an answer does, and what it is told."""

    @pytest.mark.parametrize("text", ["yes", "sí", "👍", "Liked “Exercises today: 5. Reply DONE or SKIP.”"])  # fmt: skip
    def test_yes_to_a_reminder_is_done_and_can_be_taken_back(
        self, clinic: Clinic, text: str
    ) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        assert say(maria, text, at(17, 5)) in {"done", "ask_during"}
        assert logs() == [("exercise", "done", "2026-03-03")]
        assert say(maria, "UNDO", at(17, 6)) == "undone"

    @pytest.mark.parametrize("text", ["yes", "👍"])
    def test_yes_to_a_question_of_pain_is_no_score_and_no_session(
        self, clinic: Clinic, text: str
    ) -> None:
        maria = patient_with(clinic, "check_in", "exercise")
        ask(maria, "exercise", at(7, 30))
        ask(maria, "check_in", at(8, 30))
        say(maria, text, at(8, 35))
        assert logs() == []
        assert scores() == {}

    def test_a_part_is_kept_as_a_part(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        assert say(maria, "2 of 5", at(17, 5)) in {"partly", "ask_during"}
        assert logs() == [("exercise", "partly", "2026-03-03")]
        # The pain of what was done counts.
        SessionLog.objects.update(pain_during=None)
        OutboundMessage.objects.filter(wording="partly").update(wording="ask_during")
        assert say(maria, "6", at(17, 6)) == "recorded"
        assert SessionLog.objects.get().pain_during == 6

    def test_two_of_five_is_no_part_of_what_nobody_asked(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        ask(maria, "check_in", at(8, 30))
        assert say(maria, "2 of 5", at(8, 35)) == "ask_again"
        assert logs() == []

    @pytest.mark.parametrize(
        ("text", "due"), [("remind me at 7pm", at(19)), ("remind me at 7", at(19)), ("ask me at 18:15", at(18, 15))]
    )  # fmt: skip  # a table
    def test_the_reminder_comes_when_it_was_asked_for(
        self, clinic: Clinic, text: str, due: object
    ) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        assert say(maria, text, at(17, 5)) == "later"
        assert OutboundMessage.objects.get(kind="exercise", status="waiting").due_at == due

    @pytest.mark.parametrize("text", ["remind me at 9am", "remind me at 23:30"])
    def test_what_is_over_or_too_late_is_said_so(self, clinic: Clinic, text: str) -> None:
        maria = patient_with(clinic, "exercise")
        ask(maria, "exercise", at(17))
        assert say(maria, text, at(17, 5)) == "too_late"

    @pytest.mark.parametrize(
        "text", ["FLARE", "flare up today", "I'm having a flare", "brote", "Tengo un brote fuerte"]
    )
    def test_a_flare_gets_the_plan_of_a_bad_day_and_a_person_reads_it(
        self, clinic: Clinic, text: str
    ) -> None:
        maria = patient_with(clinic, "check_in")
        assert say(maria, text, at(12)) == "flare"
        assert maria.inbox_items.count() == 1
        open_alert(patient=maria, program=None, reason="red_flag", now=at(13))
        assert say(maria, text, at(14)) != "flare"

    @pytest.mark.parametrize(
        "text",
        [
            "no flare today, 3",
            "is this a flare or should I worry",
            "my chest flares",
            "what is a flare",
        ],
    )
    def test_what_only_speaks_of_a_flare_is_for_a_person(self, clinic: Clinic, text: str) -> None:
        maria = patient_with(clinic, "check_in")
        assert say(maria, text, at(12)) != "flare"

    def test_who_asks_who_we_are_is_answered_and_stands_in_the_inbox(self, clinic: Clinic) -> None:
        maria = patient_with(clinic, "check_in")
        assert say(maria, "who is this?", at(12)) == "help"
        assert maria.inbox_items.count() == 1
