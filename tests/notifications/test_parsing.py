"""What a patient's text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.parsing import Kind, Reply, parse


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", 4), (" 4.", 4), ("0", 0), ("10", 10), ("10/10", 10), ("4/10", 4), ("#4", 4),
        ("4 out of 10", 4), ("4 de 10", 4), ("４", 4), ("٤", 4), ("4!", 4), ("04", 4), ("\n7\n", 7),
    ],
)  # fmt: skip  # a table
def test_a_score(text: str, score: int) -> None:
    assert parse(text, language="en") == Reply(Kind.SCORE, score)


@pytest.mark.parametrize(
    "text",
    [
        "3-4",
        "4.5",
        "7 or 8",
        "11",
        "-2",
        "100",
        "4 5 6",
        "10 min",
        "3 miles",
        "4/5",
        "30 years old",
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(text: str) -> None:
    assert parse(text, language="en") == Reply(Kind.CLARIFY)


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "STOP ALL", "opt-out", "Unsubscribe!", "ALTO", "basta"])  # fmt: skip
def test_an_opt_out(text: str) -> None:
    assert parse(text, language="es").kind is Kind.OPT_OUT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("START", Kind.OPT_IN),
        ("unstop", Kind.OPT_IN),
        ("HELP", Kind.HELP),
        ("ayuda", Kind.HELP),
        ("better", Kind.NOTE),
        ("it doesn't stop hurting", Kind.NOTE),
        ("", Kind.NOTE),
        ("👍", Kind.NOTE),
    ],
)
def test_other_texts(text: str, kind: Kind) -> None:
    assert parse(text, language="en").kind is kind


@given(text=st.text(max_size=200), language=st.sampled_from(["en", "es"]))
def test_any_text_is_read_and_a_score_is_on_the_scale(text: str, language: str) -> None:
    reply = parse(text, language=language)
    assert (reply.score is not None) == (reply.kind is Kind.SCORE)
    assert reply.score is None or 0 <= reply.score <= 10
