"""What a patient's text means: a labelled corpus, and properties that hold for any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hep.env import REPOSITORY
from hep.yaml_file import read_yaml
from notifications.incoming.parsing import Kind, Reply, parse
from notifications.incoming.parsing.keyword_lists import OPT_OUT
from notifications.incoming.parsing.plain import LONGEST

CORPUS: dict[str, Any] = read_yaml(REPOSITORY / "tests/notifications/replies.yaml")
# Kinds whose texts are listed without anything further, and those with it.
PLAIN_KINDS = ("done", "skip", "resume", "undo", "opt_out", "opt_in", "help", "note")
LENGTHS = {"later": "minutes", "pause": "days"}


def labelled() -> list[tuple[str, Reply]]:
    """Every text of the corpus with its reading."""
    rows: list[tuple[str, Reply]] = []
    for score, texts in CORPUS["scores"].items():
        rows += [(text, Reply(Kind.SCORE, score)) for text in texts]
    for text, score in CORPUS["scores_with_words"].items():
        rows.append((text, Reply(Kind.SCORE, score, note=text)))
    for kind in PLAIN_KINDS:
        rows += [(text, Reply(Kind(kind))) for text in CORPUS[kind]]
    for kind, field in LENGTHS.items():
        for length, texts in CORPUS[kind].items():
            rows += [(text, Reply(Kind(kind), **{field: length})) for text in texts]
    for reason, texts in CORPUS["reason"].items():
        rows += [(text, Reply(Kind.REASON, note=reason)) for text in texts]
    for text, (score, flag) in CORPUS["red_flag_with_score"].items():
        rows.append((text, Reply(Kind.RED_FLAG, score, flags=(flag,), note=text)))
    rows += [(text, Reply(Kind.NOTE, doubtful=True)) for text in CORPUS["doubtful"]]
    return rows


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_text_of_the_corpus_is_read_as_labelled(language: str) -> None:
    rows = labelled()
    read = [(text, parse(text, language=language)) for text, _ in rows]
    wrong = [
        (text, got, want) for (text, got), (_, want) in zip(read, rows, strict=True) if got != want
    ]
    assert not wrong
    assert len(rows) >= 300


@pytest.mark.parametrize("text", CORPUS["clarify"])
def test_what_can_be_read_in_two_ways_is_asked_about(text: str) -> None:
    reply = parse(text, language="en")
    assert (reply.kind, reply.score, reply.flags) == (Kind.CLARIFY, None, ())


@pytest.mark.parametrize(("text", "minutes"), [("6 hours", 360), ("10 min", 10), ("5 horas", 300), ("better", None)])  # fmt: skip
def test_a_length_of_time_is_asked_about_and_kept(text: str, minutes: int | None) -> None:
    assert parse(text, language="en") == Reply(Kind.CLARIFY, minutes=minutes)


@pytest.mark.parametrize("text", ["pause 0", "pause 61 days", "later 0 min", "later 13 hours", "pause soon"])  # fmt: skip
def test_a_length_without_sense_is_no_command(text: str) -> None:
    assert parse(text, language="en").kind in {Kind.CLARIFY, Kind.NOTE}


@given(text=st.text(max_size=300), language=st.sampled_from(["en", "es"]))
def test_any_text_is_read_and_a_score_is_on_the_scale(text: str, language: str) -> None:
    reply = parse(text, language=language)
    assert reply.score is None or 0 <= reply.score <= 10
    assert (reply.score is not None) == (reply.kind is Kind.SCORE) or reply.kind is Kind.RED_FLAG
    assert reply.days is None or 1 <= reply.days <= 60
    assert (reply.flags != ()) == (reply.kind is Kind.RED_FLAG) or reply.kind is Kind.OPT_OUT


@given(
    number=st.integers(-1000, 100_000),
    before=st.sampled_from(["", "pain ", "about a ", "#", "hoy ", "it's "]),
    after=st.sampled_from(["", ".", "!", " today", "/10", " de 10", " out of 10"]),
)
def test_a_number_is_its_score_or_asked_about(number: int, before: str, after: str) -> None:
    reply = parse(f"{before}{number}{after}", language="en")
    if 0 <= number <= 10:
        assert reply.score == number
    else:
        assert (reply.kind, reply.score) == (Kind.CLARIFY, None)


@given(low=st.integers(0, 10), high=st.integers(0, 10), between=st.sampled_from(["-", " or ", " to ", ".", "/", " and ", ", ", " o ", " a ", " "]))  # fmt: skip
def test_two_numbers_are_never_one_score(low: int, high: int, between: str) -> None:
    if (between == "/" and high == 10) or (between == "." and high == 0):
        return  # a scale, and 4.0
    reply = parse(f"{low}{between}{high}", language="en")
    assert reply.score is None


# What may stand around a keyword without changing it.
COURTESY = st.sampled_from(
    ["", " ", "!", "...", " please", " PLEASE!!", " por favor", " 🙏", "\u200b", "\n", " now"]
)
PHRASES = st.sampled_from(CORPUS["opt_out"])


@given(word=st.sampled_from(sorted(OPT_OUT)) | PHRASES, before=st.sampled_from(["", " ", "\u200f", "¡"]), after=COURTESY, case=st.sampled_from([str.upper, str.lower, str.title]))  # fmt: skip
def test_an_opt_out_is_never_read_as_anything_else(
    word: str, before: str, after: str, case: Any
) -> None:
    assert parse(f"{before}{case(word)}{after}", language="es").kind is Kind.OPT_OUT


@given(
    hidden=st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066"),
    place=st.integers(0, 4),
)
def test_an_invisible_letter_hides_no_stop(hidden: str, place: int) -> None:
    assert parse("STOP"[:place] + hidden + "STOP"[place:], language="en").kind is Kind.OPT_OUT


@pytest.mark.parametrize(("text", "flag"), [("stop texting me, my foot is numb", "nerve"), ("unsubscribe. I have chest pain", "heart_or_lung")])  # fmt: skip
def test_a_red_flag_beside_an_opt_out_is_seen(text: str, flag: str) -> None:
    assert parse(text, language="en") == Reply(Kind.OPT_OUT, flags=(flag,))


def test_a_long_text_is_read_as_far_as_a_text_goes() -> None:
    assert parse("stop texting me " + "x" * 10_000, language="en").kind is Kind.OPT_OUT
    assert parse("x " * LONGEST + "stop texting me", language="en").kind is Kind.NOTE
