"""Whole readings: labelled replies, what never changes a reading, and what it may cost."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hep.yaml_file import read_yaml
from notifications.incoming.parsing import (
    Kind,
    Reply,
    commands,
    envelope,
    holding,
    keywords,
    leading,
    no_pain,
    parse,
    scores,
    sign_phrases,
    signs,
    standing,
    vocabulary,
)
from notifications.incoming.parsing.names import is_denied, without_name
from tests.depth import tries
from tests.notifications import replies

HERE = Path(__file__).parent
LABELLED: list[dict[str, Any]] = [
    json.loads(line) for line in (HERE / "labelled.jsonl").read_text(encoding="utf-8").splitlines()
]
MORE: dict[str, Any] = read_yaml(HERE / "more_replies.yaml")
SCORES = [(text, score) for score, texts in MORE["scores"].items() for text in texts]


def read(text: str, language: str = "en") -> Reply:
    return parse(without_name(text, "Maria"), language=language)


def as_labelled(row: dict[str, Any]) -> bool:
    """Whether a text is read as its label says; `also` has readings that are tolerable."""
    reply = read(row["text"], row["language"])
    kind, _, value = row["expected"].partition(":")
    if row.get("doubtful") is False and reply.doubtful:
        return False
    checks: dict[str, Callable[[], bool]] = {
        "score": lambda: (reply.kind, reply.score) == (Kind.SCORE, int(value)),
        "notscore": lambda: reply.score is None,
        "notoptout": lambda: reply.kind is not Kind.OPT_OUT,
        "notredflag": lambda: not reply.flags or "red_flag" in row.get("also", ()),
        "opt_out": lambda: reply.kind is Kind.OPT_OUT or reply.doubtful,
        "red_flag": lambda: bool(reply.flags),
        "pause": lambda: (
            (reply.kind is Kind.PAUSE and value in {"", str(reply.days)})
            or reply.kind in row.get("also", ())
        ),
        "any": lambda: True,
    }
    return checks.get(kind, lambda: reply.kind in {kind, *row.get("also", ())})()


def test_every_labelled_reply_is_read_as_it_should_be() -> None:
    assert len(LABELLED) == 440
    assert [row for row in LABELLED if not as_labelled(row)] == []


def test_more_scores_are_read_at_once() -> None:
    wrong = [(text, score, read(text)) for text, score in SCORES if read(text).score != score]
    assert wrong == []


def test_more_texts_with_numbers_that_are_no_scores() -> None:
    assert [text for text in MORE["no_score"] if read(text).score is not None] == []


def test_more_wishes_to_hear_no_more_end_or_hold_the_texts() -> None:
    missed = [
        text
        for text in MORE["ends_or_holds"]
        if read(text).kind is not Kind.OPT_OUT and not read(text).doubtful
    ]
    assert missed == []


def test_more_texts_that_only_sound_like_it_go_on() -> None:
    ended = [t for t in MORE["goes_on"] if read(t).kind is Kind.OPT_OUT or read(t).doubtful]
    assert ended == []


QUOTE = (
    "> Hi Maria, Oak Street here. First steps today: pain 0 (none) to 10 (worst)? Reply a number.\n"
)
AROUND = replies.AROUND | {
    "a Spanish signature": lambda text: f"{text}\nEnviado desde mi Samsung",
    "the name": lambda text: f"{text} - Maria",
    "our question": lambda text: f"{QUOTE}{text}",
    "edited": lambda text: f"Edited to \u201c{text}\u201d",
}


@given(row=st.sampled_from(SCORES), around=st.sampled_from(sorted(AROUND)))
def test_what_stands_around_a_score_changes_none(row: tuple[str, int], around: str) -> None:
    text, score = row
    reply = read(AROUND[around](text))
    assert reply.score in {score, None}, (around, text)
    if re.fullmatch(r"\d+", text):
        assert reply.score == score


@pytest.mark.parametrize("around", AROUND)
def test_a_bare_score_survives_what_stands_around_it(around: str) -> None:
    for score in range(11):
        assert read(AROUND[around](str(score))).score == score


@given(text=st.sampled_from(MORE["ends_or_holds"]), score=st.integers(0, 10))
def test_a_score_takes_no_wish_to_hear_no_more_away(text: str, score: int) -> None:
    for together in (f"{score}. {text}", f"{text}. {score}"):
        reply = read(together)
        assert reply.kind is Kind.OPT_OUT or reply.doubtful, together


HOMOPHONES = ["2", "4", "8", "two", "to", "for", "four", "ate", "too"]
ADJECTIVES = ["sore", "stiff", "tired", "busy", "late", "hard", "painful", "much", "many"]


@pytest.mark.parametrize("number", HOMOPHONES)
def test_a_homophone_with_an_adjective_is_no_score(number: str) -> None:
    for adjective in ADJECTIVES:
        for text in (
            f"{number} {adjective}",
            f"its {number} {adjective} today",
            f"still {number} {adjective} to walk",
        ):
            assert read(text).score is None, text


@pytest.mark.parametrize(
    "text",
    ["Liked \u201cExercises today: 5\u201d", "Loved \u201c4\u201d", "Le gust\u00f3 \u201cResponda 4\u201d", "\U0001f44d to \u201c7\u201d", "Emphasized \u201cpain 0 to 10\u201d"],
)  # fmt: skip
def test_a_reaction_is_no_answer(text: str) -> None:
    assert read(text) == Reply(Kind.NOTE)


@pytest.mark.parametrize(
    "text",
    ["Auto-reply: I am out of the office until 5", "I'm driving right now and will respond when I arrive at 6", "Respuesta autom\u00e1tica: vuelvo el 4"],
)  # fmt: skip
def test_a_machine_tells_no_score(text: str) -> None:
    assert read(text).score is None


def test_a_stop_in_what_a_machine_sends_is_one() -> None:
    assert read("I'm driving, stop texting me").kind is Kind.OPT_OUT


@pytest.mark.parametrize(
    ("text", "score"),
    [("DONE 6", 6), ("HECHO 6", 6), ("done, 6/10", 6), ("done but it hurt, 7", 7), ("listo, me dolio un 4", 4), ("done", None)],
)  # fmt: skip
def test_pain_may_be_told_with_done(text: str, score: int | None) -> None:
    reply = read(text)
    assert (reply.kind, reply.score) == (Kind.DONE, score)


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [("4", True), ("4!", True), ("I meant 4", True), ("sorry 4", True), ("4 today", False), ("nothing today", False), ("no pain", True)],
)  # fmt: skip
def test_only_a_bare_number_or_a_correction_may_overwrite(text: str, is_bare: bool) -> None:
    reply = read(text)
    assert (reply.score is not None, reply.is_bare) == (True, is_bare)


def test_the_own_name_says_nothing_and_another_one_does() -> None:
    assert without_name("Maria 4", "Maria").strip() == "4"
    assert without_name("soy María, 4", "Maria") != "4"
    assert without_name("Maria", "Maria") == "Maria"
    assert without_name("will do them later", "Will") == "will do them later"
    assert is_denied("im not maria", "Maria")
    assert is_denied("no soy María", "Maria")
    assert not is_denied("I'm not better", "Maria")


TYPOS = [
    "unsusbcribe",
    "quir",
    "do not contatc me",
    "dejen de esrcibirme",
    "stop textng me",
    "remove me frm your list",
]


@pytest.mark.parametrize("text", TYPOS)
def test_a_slip_of_the_thumb_in_an_opt_out_is_held(text: str) -> None:
    reply = read(text)
    assert reply.doubtful or reply.kind is Kind.OPT_OUT, text


@pytest.mark.parametrize(
    "text", ["shop", "step", "quiet", "quite", "cancer", "also", "steps", "stops"]
)
def test_a_word_that_is_one_letter_from_stop_is_itself(text: str) -> None:
    assert not read(text).doubtful


def test_the_end_of_a_long_text_is_read_too() -> None:
    long = "the weather was nice and I walked a little " * 35
    assert read(f"{long}. please stop texting me"[-1_600:]).kind is Kind.OPT_OUT
    assert "heart_or_lung" in read(f"{long}. my chest hurts"[-1_600:]).flags


# Counting lines would only slow what is measured here.
@pytest.mark.no_cover
def test_no_text_costs_more_than_its_length() -> None:
    """Words of every pattern, in every order: the slowest of some thousand texts of 1,600 letters."""
    sources = (
        commands,
        envelope,
        holding,
        keywords,
        leading,
        no_pain,
        scores,
        sign_phrases,
        signs,
        standing,
        vocabulary,
    )
    words = sorted(
        {
            word
            for module in sources
            for word in re.findall(r"[a-z]+", Path(str(module.__file__)).read_text())
        }
    )
    chance = random.Random(4)  # noqa: S311  # made-up texts
    worst = 0.0
    for number in range(tries(300, 900)):
        kinds = (
            f"{words[number % len(words)]} ",
            f"{words[number % len(words)]} 5, ",
            " ".join(chance.choices(words, k=300)),
        )
        text = (kinds[number % 3] * 800)[:1_600]
        begun = time.process_time()
        read(text)
        worst = max(worst, time.process_time() - begun)
    # A tenth of a second on a machine that does nothing else, some times that on a busy one; a
    # doubling would be seconds.
    assert worst < 1.5
