"""Signs of a red flag in a text (docs/clinical-rules.md#red-flags). It tells the clinic; it is no
diagnosis.

Read clause by clause: a sign is a word, a phrase, or two words near each other in any order. What
takes a sign away (a denial, "it is over", somebody else) has to stand in the same clause. When in
doubt the clinic is told: a false alert costs a look. A miss is mended by a word in `lexicon`, not by
a sentence here. The names of the signs are those of `exercises.rules.urgency`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from exercises.rules.urgency import OF_FLAG, Urgency
from notifications.incoming.parsing import signs
from notifications.incoming.parsing.signs import DENIALS, FILLERS, LISTED, NEAR, PHRASES

CLAUSE = re.compile(r"[.;!?,:]+(?=\s|$)|\b(?:but|pero|however|though|aunque|except|sino)\b")
# "No fever, chills or swelling" is one denial, not three clauses.
LISTING = re.compile(rf"\b(?:{LISTED})\b(?:, (?:{LISTED}))+,? (?:or|and|nor|o|ni|y) (?:{LISTED})\b")
KIN = re.compile(
    r"\b(?:my|our|mi|nuestr[oa]) (?:son|daughter|kid|kids|child|wife|husband|partner|mom|mother|dad|father"
    r"|friend|brother|sister|boss|neighbor|dog|cat|baby|hijo|hija|esposo|esposa|marido|mama|papa|madre"
    r"|padre|hermano|hermana|amigo|amiga|perro|gato|bebe)"
    r" (?:also |really |now |tambien )?(?:has|have|had|is|was|got|gets|feels|felt|fell|broke|tore|needs|s"
    r"|tiene|tuvo|esta|estaba|se|sufre|le)\b(?! to\b)"
)
MINE = re.compile(r"\b(?:i|im|ive|me|my|mine|mi|mis|yo|tengo)\b")
# It was, and is no more; for an emergency only what is long past.
LONG_AGO = re.compile(
    r"\b(?:years? ago|last year|as a (?:kid|child)|when i was (?:a kid|young|little|\d+)"
    r"|hace (?:\w+ )?anos?|el ano pasado|de ni[nñ]o|de joven)\b"
)
OVER = re.compile(
    r"^(?: (?:in|of|on|en|de|del) (?:my|the|mi|el|la|los|las)? ?\w+)?"
    r"(?: (?:is|are|was|were|has|have|feels?|seems?|got|esta|estan)(?: \w+){0,2} (?:over|passed|better|fine|mejor)"
    r"|(?: (?:is|are|was|has|have|ya|all|now|finally|completely|totally|se|me)){0,3}"
    r" (?:gone|went away|goes away|going away|healed|stopped|better|cleared up|fue|quito|paso|desaparecio|mejor))"
    r"(?: (?:now|today|already|yesterday|last (?:week|night|month)|thanks|thank you|ya|hoy|ayer|gracias"
    r"|la semana pasada))*$"
)
# "Never like this" is no denial.
AS_NEVER = re.compile(r"\b(?:like this|this bad|so bad|as bad|before|tan|asi)\b")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in a clause: where its words begin and end, each as a place in the clause."""

    name: str
    places: tuple[tuple[int, int], ...]


def red_flags(words: str) -> tuple[str, ...]:
    """The signs named in `words` (from `plain`), not denied, over or somebody else's, the most
    urgent first.
    """
    found = {
        sign.name
        for clause in _clauses(words)
        for sign in _signs_in(clause)
        if not _is_taken_away(sign, clause)
    }
    if "nerve" in found and signs.DIABETES.search(words):
        # Numbness with diabetes is no review: docs/clinical-rules.md#red-flags.
        found = found - {"nerve"} | {"vascular"}
    return tuple(name for name in OF_FLAG if name in found)


def _clauses(words: str) -> list[str]:
    """The parts of `words` that stand by themselves, without apostrophes and punctuation."""
    whole = words.replace("'", "")
    whole = LISTING.sub(lambda match: match[0].replace(",", " or"), whole)
    parts = (re.sub(r"[^a-zñ0-9 ]+", " ", part) for part in CLAUSE.split(whole))
    clauses = [" ".join(signs.NO_SIGNS.sub(" ", " ".join(part.split())).split()) for part in parts]
    return [clause for clause in clauses if clause]


def _signs_in(clause: str) -> list[Sign]:
    found = [
        Sign(name, ((match.start(), match.end()),))
        for name, pattern in PHRASES
        for match in [pattern.search(clause)]
        if match is not None
    ]
    places = _places_of_groups(clause)
    for name, one, other, within in NEAR:
        pair = _nearest(places.get(one, ()), places.get(other, ()), within, clause)
        if pair is not None:
            found.append(Sign(name, pair))
    return found


def _places_of_groups(clause: str) -> dict[str, list[tuple[int, int]]]:
    """Where the words of each group of the lexicon stand in the clause."""
    places: dict[str, list[tuple[int, int]]] = {}
    for match in re.finditer(r"[a-zñ0-9]+", clause):
        for group in signs.groups_of(match[0]):
            places.setdefault(group, []).append((match.start(), match.end()))
    return places


def _nearest(
    ones: list[tuple[int, int]] | tuple[()],
    others: list[tuple[int, int]] | tuple[()],
    within: int,
    clause: str,
) -> tuple[tuple[int, int], ...] | None:
    """Two of them with at most `within` words between, in any order; the first that is found."""
    nearby = 12 * (within + 1)  # letters: no pair further apart can be within so few words
    for one in ones[:20]:
        for other in others[:20]:
            first, last = sorted((one, other))
            between = clause[first[1] : last[0]]
            if one != other and len(between) <= nearby and len(between.split()) <= within:
                return (first, last)
    return None


def _is_taken_away(sign: Sign, clause: str) -> bool:
    begin, end = sign.places[0][0], sign.places[-1][1]
    before, after = clause[:begin], clause[end:]
    if any(_is_denied(clause[:start]) for start, _ in sign.places) and not (
        AS_NEVER.search(after) and re.search(r"\b(?:never|nunca)\b", before)
    ):
        return True
    if LONG_AGO.search(clause):
        return True
    kin = KIN.search(clause[:end])
    if kin is not None and not MINE.search(clause[kin.end() : end]):
        return True
    is_emergency = OF_FLAG[sign.name] in {Urgency.CRISIS, Urgency.EMERGENCY}
    return not is_emergency and OVER.match(after) is not None


def _is_denied(before: str) -> bool:
    """Whether the words directly before a sign deny it: "no", fillers, other signs of a list."""
    in_list = False
    for word in reversed(before.split()[-12:]):
        if word in DENIALS:
            return True
        if word in {"or", "and", "nor", "o", "ni", "y"}:
            in_list = True
        elif word in FILLERS:
            continue
        elif not (in_list and re.fullmatch(LISTED, word)):
            return False
    return False
