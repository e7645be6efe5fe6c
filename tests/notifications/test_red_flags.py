"""Signs in patients' words: found in any order, taken away only in their own clause."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.urgency import OF_FLAG, Urgency, most_urgent
from hep.yaml_file import read_yaml
from notifications.incoming.conversation.yes_or_no import WEEKLY_SIGNS
from notifications.incoming.parsing import Kind, parse
from notifications.incoming.parsing.plain import plain
from notifications.incoming.parsing.red_flags import red_flags

CORPUS: dict[str, list[str]] = read_yaml(Path(__file__).parent / "red_flags.yaml")
SIGNS = [(name, text) for name, texts in CORPUS.items() if name != "none" for text in texts]
TEXTS = st.sampled_from([text for _, text in SIGNS])


def test_every_sign_is_found_under_its_name() -> None:
    missed = [(name, text, red_flags(plain(text))) for name, text in SIGNS]
    assert [row for row in missed if row[0] not in row[2]] == []
    # The last one is a question's answer, not words.
    assert {name for name, _ in SIGNS} == set(OF_FLAG) - {WEEKLY_SIGNS}


def test_what_is_no_sign_tells_nobody() -> None:
    assert [(text, red_flags(plain(text))) for text in CORPUS["none"] if red_flags(plain(text))] == []  # fmt: skip


@given(text=TEXTS, before=st.sampled_from(["my wife says ", "not good, ", "I'm not ok, ", "hi, ", "no sleep, ", "perdón, ", "nothing helps. "]), after=st.sampled_from(["", ", I fell over", "!!", " 🙁", ", 6", ". Thanks", "\n\nSent from my iPhone"]))  # fmt: skip
def test_what_stands_in_another_clause_takes_no_sign_away(
    text: str, before: str, after: str
) -> None:
    # Through the reader, which takes the signature off.
    read = parse(f"{before}{text}{after}", language="en")
    assert set(red_flags(plain(text))) <= set(read.flags)


@given(text=TEXTS, score=st.integers(0, 10))
def test_a_score_beside_a_sign_is_kept_and_takes_nothing_away(text: str, score: int) -> None:
    reply = parse(f"{score}, {text}", language="en")
    assert reply.flags == red_flags(plain(text))
    if not any(letter.isdigit() for letter in text):
        assert reply.score in {score, None}


@pytest.mark.parametrize("name", [name for name, urgency in OF_FLAG.items() if urgency in {Urgency.CRISIS, Urgency.EMERGENCY}])  # fmt: skip
def test_an_emergency_that_is_over_is_still_told(name: str) -> None:
    """Chest pain that has gone away is a reason to be seen."""
    for text in CORPUS[name]:
        assert name in red_flags(plain(f"{text} is gone now")), text


def test_the_most_urgent_sign_decides() -> None:
    assert most_urgent(["nerve", "heart_or_lung", "fracture"]) is Urgency.EMERGENCY
    assert most_urgent(["heart_or_lung", "self_harm"]) is Urgency.CRISIS
    assert most_urgent(["night_pain"]) is Urgency.REVIEW
    assert most_urgent([]) is None


def test_numbness_with_diabetes_is_not_left_for_a_review() -> None:
    assert red_flags(plain("my toes are numb and I am diabetic")) == ("vascular",)


def test_an_emergency_with_a_polite_start_is_no_note() -> None:
    assert parse("Thank you! By the way me duele el pecho", language="es").kind is Kind.RED_FLAG
