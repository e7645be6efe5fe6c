"""`make replies`: how well texts are read, by class and by the harm of a wrong reading.

Three files' worth: `dev` (labelled.jsonl and those that the words were written from), `held out` (nobody looks
at its texts: neither this report nor a test prints one, or it would be dev), and `around`: every clear score
of dev with a greeting, a signature, an emoji and so on about it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from exercises.models import Patient
from notifications.incoming.conversation.reading import read_words
from notifications.incoming.parsing import Kind, Reply

HERE = Path(__file__).parent
DEV = (
    "labelled",
    "english_replies",
    "spanish_replies",
    "more_spanish_replies",
    "ordinary_replies",
)
HELD_OUT = ("held_out_replies",)
NAMES = {"en": "Maria", "es": "Ana"}
AROUND: dict[str, Callable[[str], str]] = {
    "a greeting": lambda text: f"Hi, {text}",
    "a signature": lambda text: f"{text}\n\nSent from my iPhone",
    "an emoji": lambda text: f"{text} \U0001f600",
    "courtesy": lambda text: f"{text}, thank you so much",
    "a clause without numbers": lambda text: f"{text}. The weather is lovely.",
}
# What each class may become at worst.
HARM = {
    "score": "a wrong score",
    "notscore": "a wrong score",
    "opt_out": "texted on",
    "notoptout": "texts ended",
    "red_flag": "nobody told",
    "notredflag": "a false alert",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with what it says; `is_clear`: nobody would ask back."""

    language: str
    text: str
    label: str
    is_clear: bool = True

    @property
    def kind(self) -> str:
        """The class: "score", "opt_out" and so on."""
        return self.label.partition(":")[0]

    @property
    def score(self) -> int | None:
        """The score that was meant."""
        return int(self.label[6:]) if self.kind == "score" else None


def rows_of(files: Iterable[str]) -> Iterator[Labelled]:
    """The rows of these classes in `files`."""
    for name in files:
        for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found = Labelled(
                row["language"],
                row["text"],
                row["expected"],
                is_clear="clarify" not in row.get("also", ()),
            )
            if found.kind in HARM:
                yield found


def read(row: Labelled) -> Reply:
    """The text as the service reads it."""
    patient = Patient(first_name=NAMES[row.language], language=row.language)
    return read_words(row.text, [patient])


def is_right(row: Labelled, reply: Reply) -> bool:
    """Whether the reading does what the label wants."""
    wishes_no_more = reply.kind is Kind.OPT_OUT or reply.doubtful
    return {
        "score": reply.score == row.score,
        "notscore": reply.score is None,
        "opt_out": wishes_no_more,
        "notoptout": reply.kind is not Kind.OPT_OUT,
        "red_flag": bool(reply.flags),
        "notredflag": not reply.flags,
    }[row.kind]


def is_harmful(row: Labelled, reply: Reply) -> bool:
    """Whether a wrong reading does harm: asking back does none."""
    if row.kind == "score":
        return reply.score not in {None, row.score}
    return not is_right(row, reply)


def figures(rows: Iterable[Labelled]) -> dict[str, tuple[int, int, int]]:
    """By class: how many, how many read as labelled, how many with harm; unclear scores apart."""
    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    harmful: Counter[str] = Counter()
    for row in rows:
        name = row.kind if row.is_clear or row.kind != "score" else "score, unclear"
        reply = read(row)
        told[name] += 1
        right[name] += is_right(row, reply)
        harmful[name] += is_harmful(row, reply)
    return {name: (told[name], right[name], harmful[name]) for name in sorted(told)}


def with_around(rows: Iterable[Labelled]) -> Iterator[Labelled]:
    """Each clear score that is read as one, in each frame."""
    for row in rows:
        if row.kind == "score" and row.is_clear and is_right(row, read(row)):
            for frame in AROUND.values():
                yield Labelled(row.language, frame(row.text), row.label)


def report() -> str:
    """The table that `make replies` prints."""
    lines = [f"{'':10} {'class':15} {'texts':>6} {'right':>8} {'harm':>5}"]
    dev = list(rows_of(DEV))
    for name, rows in (
        ("dev", dev),
        ("held out", list(rows_of(HELD_OUT))),
        ("around", list(with_around(dev))),
    ):
        for kind, (told, right, harm) in figures(rows).items():
            harmful = f"{harm:5}  {HARM[kind.partition(',')[0]]}" if harm else "    0"
            lines.append(f"{name:10} {kind:15} {told:6} {right / told:8.1%} {harmful}")
    return "\n".join(lines)
