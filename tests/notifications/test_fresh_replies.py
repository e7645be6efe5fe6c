"""Texts that fresh eyes wrote: signs across clauses, slips of a thumb, who has the phone now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.models import Patient
from exercises.rules.urgency import Urgency, most_urgent
from hep.yaml_file import read_yaml
from notifications.incoming.conversation.reading import read_words
from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.words import is_for_a_person

FRESH: dict[str, Any] = read_yaml(Path(__file__).parent / "fresh_replies.yaml")
MARIA = Patient(first_name="Maria", language="en")
AT_ONCE = {Urgency.CRISIS, Urgency.EMERGENCY}


def read(text: str) -> Reply:
    return read_words(text, [MARIA])


def ends_or_holds(text: str) -> bool:
    reply = read(text)
    return reply.kind is Kind.OPT_OUT or reply.doubtful


def test_an_emergency_is_heard_as_one() -> None:
    missed = [t for t in FRESH["emergency"] if most_urgent(read(t).flags) not in AT_ONCE]
    assert missed == []


def test_a_sign_is_heard() -> None:
    assert [text for text in FRESH["sign"] if not read(text).flags] == []


def test_what_is_no_sign_tells_nobody() -> None:
    assert [(text, read(text).flags) for text in FRESH["no_sign"] if read(text).flags] == []


def test_whoever_wants_no_more_or_is_not_the_patient_is_heard() -> None:
    assert [text for text in FRESH["ends_or_holds"] if not ends_or_holds(text)] == []


def test_what_only_sounds_like_it_goes_on() -> None:
    assert [text for text in FRESH["goes_on"] if ends_or_holds(text)] == []


def test_a_number_of_something_else_is_no_score() -> None:
    assert [(t, read(t).score) for t in FRESH["no_score"] if read(t).score is not None] == []


def test_a_score_beside_other_words_is_one() -> None:
    wrong = [(t, read(t)) for t, score in FRESH["scores"].items() if read(t).score != score]
    assert wrong == []


def test_a_person_at_the_wheel_is_no_machine() -> None:
    texts = FRESH["for_a_person"]
    assert [t for t in texts if not is_for_a_person(t, read(t), names=("Maria",))] == []


PARTS = {"calf": "clot", "pantorrilla": "clot", "leg": "clot", "pierna": "clot"}
SAID = [
    "it is swollen",
    "it's swollen",
    "its swollen and warm",
    "está hinchada",
    "now swollen and hot",
]


@given(
    part=st.sampled_from(sorted(PARTS)),
    between=st.sampled_from([". ", ", ", "; ", ": ", " - hurts. ", " hurts, ", "\n", " hurts!! "]),
    said=st.sampled_from(SAID),
    before=st.sampled_from(["my ", "Hi, my ", "no my ", "4, the ", ""]),
)
def test_a_sign_in_two_clauses_is_one(part: str, between: str, said: str, before: str) -> None:
    assert "clot" in read(f"{before}{part}{between}{said}").flags


@given(
    part=st.sampled_from(sorted(PARTS)),
    denial=st.sampled_from(["no swelling", "not swollen", "never swollen", "no está hinchada"]),
)
def test_a_denial_stays_in_its_own_clause(part: str, denial: str) -> None:
    assert "clot" not in read(f"my {part} hurts, {denial}").flags


@pytest.mark.parametrize("name", ["Maria", "maria", "MARIA"])
def test_who_has_the_phone_now_is_heard_whatever_the_capitals(name: str) -> None:
    for text in (f"{name} died", f"this is not {name}", f"{name} no longer has this number"):
        assert read(text).doubtful, text


SPANISH: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "spanish_replies.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


ANA = Patient(first_name="Ana", language="es")


def heard(text: str) -> Reply:
    return read_words(text, [ANA])


def heard_to_end(text: str) -> bool:
    reply = heard(text)
    return reply.kind is Kind.OPT_OUT or reply.doubtful


def spanish(expected: str) -> list[str]:
    return [row["text"] for row in SPANISH if row["expected"] == expected]


def test_spanish_of_many_countries_is_read_without_harm() -> None:
    """300 texts that were written without a look at the words here; the words came after."""
    told = [row for row in SPANISH if row["expected"].startswith("score:")]
    clear = [row["text"] for row in told if "clarify" not in row.get("also", [])]
    got = [(row["text"], heard(row["text"]).score, int(row["expected"][6:])) for row in told]
    assert [row for row in got if row[1] not in {None, row[2]}] == [], "a wrong score"
    assert sum(row[0] in clear and row[1] == row[2] for row in got) >= 0.95 * len(clear)
    assert [text for text in spanish("notscore") if heard(text).score is not None] == []
    assert [text for text in spanish("opt_out") if not heard_to_end(text)] == []
    ended = [text for text in spanish("notoptout") if heard(text).kind is Kind.OPT_OUT]
    assert ended == []
    assert [text for text in spanish("red_flag") if not heard(text).flags] == []
    assert [text for text in spanish("notredflag") if heard(text).flags] == []
