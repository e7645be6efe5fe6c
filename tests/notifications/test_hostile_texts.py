"""Texts written to cost more than they should: each is looked at in time that grows with its length.

No clock is read: a pattern that takes its words in two ways would need longer than the universe for
these, so the time limit of the test is enough.
"""

from __future__ import annotations

import importlib
import re
from datetime import timedelta
from types import ModuleType

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.test import Client
from django.urls import reverse

from exercises.models import Alert, Patient
from notifications.incoming import inbound, parsing
from notifications.incoming.conversation import reading
from notifications.incoming.parsing import parse
from notifications.models import InboundMessage, OutboundMessage
from notifications.wording.lint import LONGEST_WORDS, message_problems, problems
from tests import factories
from tests.depth import THOROUGH
from tests.factories import CHECK_IN_AT

STRANGER = "+14155550177"
LATER = CHECK_IN_AT + timedelta(minutes=5)
# The two of findings C1 (140 letters, one text) and its siblings, and the quadratic one of C2.
TEXTS = [
    "it a " * 27 + "zzz 5",
    "okay " * 29 + "x 5",
    "today " * 40 + "x 5",
    "i'd say a " * 40 + "dog 4",
    "its a " * 40 + "dog 4",
    "no pain" + " today" * 200 + " x",
    "5" + " pain" * 190 + " x",
    "1 " * 800,
    "no numb" * 200,
    "\ufdfa" * 1600,
]


def patterns(module: ModuleType) -> list[re.Pattern[str]]:
    """Every pattern of a module, also those in its tables."""

    def inside(value: object) -> list[re.Pattern[str]]:
        if isinstance(value, dict):
            value = tuple(value.values())
        if isinstance(value, tuple):
            return [pattern for part in value for pattern in inside(part)]
        return [value] if isinstance(value, re.Pattern) else []

    return [pattern for value in vars(module).values() for pattern in inside(value)]


def words_of(pattern: re.Pattern[str]) -> set[str]:
    """The words that a pattern is made of."""
    letters = re.sub(r"\\[bdswWS]|\(\?[:=!<P]+|[^a-z' ]", "|", pattern.pattern)
    return {word.strip() for word in letters.split("|") if word.strip()}


MODULES = [
    importlib.import_module(f"notifications.{name}")
    for name in (
        "incoming.parsing.barriers",
        "incoming.parsing.commands",
        "incoming.parsing.holding",
        "incoming.parsing.keywords",
        "incoming.parsing.leading",
        "incoming.parsing.no_pain",
        "incoming.parsing.plain",
        "incoming.parsing.red_flags",
        "incoming.parsing.scores",
        "incoming.parsing.sign_phrases",
        "incoming.parsing.signs",
        "incoming.parsing.standing",
        "wording.lint",
    )
]
WORDS = sorted({word for module in MODULES for one in patterns(module) for word in words_of(one)})


def test_the_words_of_the_patterns_are_found() -> None:
    assert {"it", "okay", "stop", "calf", "reply", "vacation"} <= set(WORDS)
    assert len(WORDS) > 500


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12])
def test_a_hostile_text_is_read(text: str) -> None:
    assert parse(text, language="en").score is None


# Counting lines would only slow what is measured here.
@pytest.mark.no_cover
@pytest.mark.timeout(110)
@pytest.mark.parametrize("tail", ["zzz 5", "5 zzz"])
def test_no_word_of_any_pattern_costs_more_when_it_is_repeated(tail: str) -> None:
    for word in WORDS[:: 2 if THOROUGH else 10]:
        parse(f"{word} " * 30 + tail, language="en")


@pytest.mark.timeout(30)
def test_long_wordings_are_refused_before_any_pattern_looks_at_them() -> None:
    words = "reply " * 160_000
    assert problems("noted", words) == ["Too long: at most 1,600 characters."]
    assert message_problems(words, f"Bay Foot: {words}") == problems("noted", words)
    at_the_limit = ("reply " * 300)[:LONGEST_WORDS]
    assert "Too long" not in " ".join(problems("noted", at_the_limit))


@pytest.mark.timeout(30)
def test_the_preview_of_a_long_message_answers(admin_of_alice: Client, maria: Patient) -> None:
    url = reverse("admin:exercises_patient_write_preview", args=[maria.pk])
    response = admin_of_alice.post(url, {"body": "reply " * 100_000})
    assert response.status_code == 200
    assert "Too long" in response.content.decode()


@pytest.mark.timeout(60)
@pytest.mark.django_db
def test_two_hostile_texts_of_strangers_hold_up_nobody(maria: Patient) -> None:
    factories.asked(factories.program(maria))
    for number in ("+14155550178", "+14155550179"):
        stranger = factories.PatientFactory.build(phone=number)
        factories.received("it a " * 27 + "zzz 5", stranger, at=LATER - timedelta(seconds=1))
    factories.received("9 and I can't walk", maria, at=LATER)
    assert inbound.read_inbound(now=LATER) == 3
    assert Alert.objects.filter(patient=maria, reason=Alert.Reason.RED_FLAG).exists()
    assert OutboundMessage.objects.get(kind="reply").wording == "red_flag_same_day"


class TestTries:
    """A text whose reading ends the process, again and again."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def poison(self, maria: Patient, monkeypatch: pytest.MonkeyPatch) -> InboundMessage:
        real = parsing.parse

        def explode(text: str, *, language: str) -> object:
            if text == "boom":
                raise SoftTimeLimitExceeded
            return real(text, language=language)

        monkeypatch.setattr(reading, "parse", explode)
        stranger = factories.PatientFactory.build(phone=STRANGER)
        return factories.received("boom", stranger, at=LATER)

    def test_it_is_parked_after_three_tries(self, poison: InboundMessage) -> None:
        for number in range(3):
            with pytest.raises(SoftTimeLimitExceeded):
                inbound.read_inbound(now=LATER + number * inbound.LEASE)
            poison.refresh_from_db()
            assert (poison.state, poison.tries) == ("received", number + 1)
        inbound.read_inbound(now=LATER + 3 * inbound.LEASE)
        poison.refresh_from_db()
        assert (poison.state, poison.tries) == ("parked", 3)
        assert poison.parked_reason == "It could not be read in three tries."

    def test_it_is_leased_to_the_end_of_the_time_limit(self, poison: InboundMessage) -> None:
        with pytest.raises(SoftTimeLimitExceeded):
            inbound.read_inbound(now=LATER)
        just_before = LATER + inbound.LEASE - timedelta(seconds=1)
        assert inbound.read_one(poison.message_sid, now=just_before) is False
        with pytest.raises(SoftTimeLimitExceeded):
            inbound.read_one(poison.message_sid, now=LATER + inbound.LEASE)

    def test_the_texts_behind_it_are_read_by_the_next_task(
        self, poison: InboundMessage, maria: Patient
    ) -> None:
        factories.asked(factories.program(maria))
        good = factories.received("6", maria, at=LATER + timedelta(seconds=1))
        with pytest.raises(SoftTimeLimitExceeded):
            inbound.read_inbound(now=LATER)
        assert inbound.read_inbound(now=LATER + timedelta(seconds=5)) == 1
        good.refresh_from_db()
        assert good.state == "handled"

    def test_a_later_text_of_the_same_phone_waits_only_for_its_first_try(
        self, poison: InboundMessage
    ) -> None:
        stranger = factories.PatientFactory.build(phone=STRANGER)
        later = factories.received("6", stranger, at=LATER + timedelta(seconds=1))
        with pytest.raises(SoftTimeLimitExceeded):
            inbound.read_inbound(now=LATER)
        assert inbound.read_one(later.message_sid, now=LATER) is False
        assert inbound.read_one(later.message_sid, now=LATER + inbound.LEASE) is True
