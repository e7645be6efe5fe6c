"""Texts that people who had not seen our words wrote: what is read, and that nothing wrong is done."""

from __future__ import annotations

import json

import pytest

from exercises.models import Patient
from notifications.incoming.conversation.reading import read_words
from notifications.incoming.parsing import Kind
from tests.notifications.replies import DEV, HELD_OUT, HERE, NAMES, figures, rows_of

# Shares of texts read as labelled. They only rise.
DEV_LEAST = {"score": 0.82, "notscore": 1, "opt_out": 0.99, "notoptout": 1, "red_flag": 0.98, "notredflag": 0.92}  # fmt: skip
HELD_OUT_LEAST = {"score": 0.7, "notscore": 1, "opt_out": 0.93, "notoptout": 1, "red_flag": 0.79, "notredflag": 0.85}  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize(("files", "least"), [(DEV, DEV_LEAST), (HELD_OUT, HELD_OUT_LEAST)])
def test_as_many_as_before_are_read_and_no_score_is_wrong(
    files: tuple[str, ...], least: dict[str, float]
) -> None:
    found = figures(rows_of(files))
    shares = {name: right / told for name, (told, right, _) in found.items() if name in least}
    assert {name: share for name, share in shares.items() if share < least[name]} == {}
    harm = {name: found[name][2] for name in ("score", "score, unclear", "notscore", "notoptout")}
    assert harm == dict.fromkeys(harm, 0)


@pytest.mark.no_cover
def test_what_answers_nothing_does_nothing() -> None:
    """500 texts of people to others: no score, at most one end, two holds, three signs."""
    lines = (HERE / "no_answers.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line) for line in lines]
    assert len(texts) == 500
    replies = [
        read_words(
            row["text"], [Patient(first_name=NAMES[row["language"]], language=row["language"])]
        )
        for row in texts
    ]
    assert [reply for reply in replies if reply.score is not None] == []
    assert sum(reply.kind is Kind.OPT_OUT for reply in replies) <= 1
    assert sum(reply.doubtful for reply in replies) <= 2
    assert sum(bool(reply.flags) for reply in replies) <= 3


# One line a rule of notifications/incoming/parsing/standing.py and leading.py.
STANDING = {
    "a measly 2": 2,
    "8 had to hold on to the wall": 8,
    "i'd go with a 3": 3,
    "9/10 awful start": 9,
    "7 because I stood all day and my 3 kids ran": 7,
    "down to 2 from 5 yesterday": 2,
    "went from 8 on Friday to a 6 this am": 6,
    "got up at 5:30 for work, pain was a 2": 2,
    "6, and thats after two cups of coffee": 6,
    "un 7 largo": 7,
    "8 danced at my nieces wedding till late": 8,
    "9 I mowed the whole yard yesterday": 9,
    "Been up since 4 for work. 5": 5,
    "33 sorry fat fingers, 3": 3,
    "8 oops meant 6": 6,
    "7 chased three grandkids around the zoo": 7,
    "6 como si pisara un clavo": 6,
    "Me levante a las 5 y un 3 de dolor": 3,
    "no pain whatsoever, walked straight to the bath": 0,
}


@pytest.mark.parametrize(("text", "score"), STANDING.items())
def test_a_number_that_stands_as_an_answer_is_one(text: str, score: int) -> None:
    reply = read_words(text, [Patient(first_name="Maria", language="en")])
    assert reply.score == score


@pytest.mark.parametrize(
    "text",
    [
        "at least a six", "Halfway to a 7", "new shoes are a solid 8", "i'd kill for a 4 right now", "ask me at 9", "up at 5 today, early shift",
        "all 5!", "id give you guys a 9", "stiffness maybe 6 but you asked pain", "un 10 para la doctora", "it was 8 when I started",
        "I work from 9 to 5", "between 3pm and 5", "2, 3 times a day", "no pain until lunch, then bad", "no llega ni a 3", "a size 9",
        "no es 5", "4 missed calls", "3 bed 2 bath", "6 el izq 3 el der", "10, reps", "7 al levantarme y 3 despues",
    ],
)  # fmt: skip
def test_a_number_that_stands_elsewhere_is_asked_about(text: str) -> None:
    reply = read_words(text, [Patient(first_name="Maria", language="en")])
    assert reply.score is None
