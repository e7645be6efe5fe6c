"""The patient's own first name in a text: it says nothing, unless somebody is not called so. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from anyascii import anyascii

from hep.names import plain_name
from notifications.incoming.parsing.plain import plain

# "2", or "2: 4": a choice among people, with or without what is told of them.
NUMBER_FIRST = re.compile(r"^\W*(?P<number>\d)(?!\d)(?:[\s,.:)-]+(?P<rest>.*))?$", re.DOTALL)
# First names that are words of an answer.
WORDS_FIRST = frozenset({"will", "dolores", "sol", "paz", "hope", "grace", "may", "june"})

# What is said of the patient (NAME) by who has the phone now.
GONE = (
    r"\b(?:not|isn'?t|no soy|no es|no|ninguna?|wrong) NAME\b(?! (?:pain|dolor))|\b(?:not|isn'?t|no es)(?: \w+){0,3} NAME(?:'?s)?\b"
    r"|\bno es el (?:numero|telefono) de NAME\b|\bno conozco a (?:ninguna? )?NAME\b|\bdon'?t know (?:any |a )?NAME\b"
    r"|\bNAME (?:has |just |ya |ha )*(?:died|dead|passed(?: away)?|is dead|is gone|fallecio|(?:se )?murio|fallecido|muerto|sold)\b"
    r"|\bNAME (?:no longer|doesn'?t|does not|isn'?t|is not|ya no|no)(?: \w+){0,2} (?:has|have|uses?|lives?|here|phone|number|vive|tiene|esta|usa|numero|telefono)\b"
)


def without_name(text: str, name: str) -> str:
    """`text` without the patient's own first name, unless nothing else was said."""
    if not name or plain(name) in WORDS_FIRST:
        return text
    names = "|".join(sorted({re.escape(name), re.escape(plain(name))}))
    own = re.compile(
        rf"[ ,:.-]{{0,3}}\b(?:(?:this is|it['’]?s|soy|habla|i['’]?m|para|for) )?(?:{names})\b[ ,:-]{{0,3}}",
        re.IGNORECASE,
    )
    rest = own.sub(" ", text)
    return rest if re.search(r"\w", rest) else text


def is_denied(text: str, name: str) -> bool:
    """Whether somebody says that they are not the patient ("I'm not Maria"), or that the patient is
    dead or gone.
    """
    if not name:
        return False
    words, asked = plain(text), re.escape(plain(name))
    gone = GONE.replace("NAME", asked)
    return re.search(gone, words) is not None


def typed(name: str) -> str:
    """`name` as any phone can type it: "Łukasz" as "lukasz", "Ольга" as "olga"; empty for signs."""
    letters = "".join(letter for letter in name if letter.isalpha() or letter in " -'")
    return " ".join(re.sub(r"[^a-z ]", "", plain_name(letters)).split())


def labels(people: Sequence[tuple[str, str]]) -> list[str]:
    """How each of these (first name, last name) is called in a question among them.

    By first name where that tells them apart; with the letter of the last name where it does not.
    Numbered ("1 Ana L., 2 Ana R.") when a name is shared, cannot be typed, or is a word of answers.
    """
    first = [typed(given) for given, _ in people]
    tells = len(set(first)) == len(first) and all(
        name and name not in WORDS_FIRST for name in first
    )
    if tells:
        return [given for given, _ in people]
    named = [
        f"{given} {family[0]}." if first.count(own) > 1 and family else given
        for own, (given, family) in zip(first, people, strict=True)
    ]
    return [f"{number} {name}" for number, name in enumerate(named, start=1)]


def who_is_named(text: str, called: Sequence[str]) -> tuple[int, str] | None:
    """Which of `called` (as from `labels`) the text names, the longest first, and the text without
    the name; None when it names none of them, or two.
    """
    words = plain(anyascii(text)) if not text.isascii() else plain(text)
    found: list[tuple[int, str]] = []
    names = {place: typed(name) for place, name in enumerate(called)}
    for place, name in sorted(names.items(), key=lambda row: -len(row[1])):
        if not name or list(names.values()).count(name) > 1:
            continue
        pattern = re.compile(rf"\b{re.escape(name)}\b[\s,:.-]*")
        if not pattern.search(words):
            continue
        rest = pattern.sub("", words)
        # A name that is a word says who is meant only where nothing else is said.
        if name in WORDS_FIRST and re.search(r"\w", rest):
            continue
        found.append((place, rest))
        words = rest
    return found[0] if len(found) == 1 else None


def without_names(text: str, names: Sequence[str]) -> str:
    """`text` without any of `names`, in plain letters."""
    words = plain(text)
    for name in sorted(map(typed, names), key=len, reverse=True):
        if name and name not in WORDS_FIRST:
            words = re.sub(rf"\b{re.escape(name)}\b[\s,:.-]*", "", words)
    return words


def who_is_numbered(text: str, offered: str) -> tuple[str, str] | None:
    """The label that a reply such as "2" or "2: 4" chooses among `offered` ("1 Ana L., 2 Ana R."),
    and the rest of the reply.
    """
    reply = NUMBER_FIRST.match(text.strip())
    if reply is None:
        return None
    for label in offered.split(", "):
        number, _, _ = label.partition(" ")
        if number == reply["number"]:
            return label, (reply["rest"] or "").strip()
    return None
