"""Signs of a red flag in a text (docs/clinical-rules.md#red-flags). It tells the clinic; it is no
diagnosis.

Read clause by clause: a sign is a word, a phrase, or two words near each other in any order. What
takes a sign away (a denial, "it is over", somebody else) has to stand in the same clause. When in
doubt the clinic is told: a false alert costs a look. A miss is mended by a word in `lexicon`, not by
a sentence here. The names of the signs are those of `exercises.rules.urgency`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from exercises.rules.urgency import OF_FLAG, Urgency
from notifications.incoming.parsing import signs
from notifications.incoming.parsing.sign_phrases import PHRASES
from notifications.incoming.parsing.signs import DENIALS, FILLERS, LISTED, NEAR

CLAUSE = re.compile(
    r"[.;!?,:]+(?=\s|$)|\b(?:but|pero|however|though|aunque|except|sino)\b"
    r"|\b(?:and|y) (?=(?:now|today|ahora|hoy|again|otra vez)\b)"
)
# "No, my chest hurts" answers something; it denies nothing.
ANSWERS_NO = re.compile(r"^no (?=(?:my|the|it|its|i|im)\b)")
# "Can't climb stairs without chest pain" says that it is there.
NOT_WITHOUT = re.compile(r"\b(?:cant|cannot|couldnt|unable|hardly|no puedo|no podia|no logro)\b")
# What was over has come back; what was denied is so now.
BACK_AGAIN = re.compile(
    r"\b(?:but|pero) (?:it |they )?(?:came|come|is|its|are|has come|volvio|regreso|volvieron) ?(?:back)?\b"
    r"|\b(?:but|pero) (?:now|ahora) (?:i do|i have|it does|si)\b"
)
# Somebody writes for the patient, or about another person who may need help at once.
FOR_THE_PATIENT = re.compile(
    r"\b(?:this is (?:her|his|their)|your patient|su paciente|(?:text|texting|write|writing|escribo) (?:for|por) (?:her|him|my|ella|el)"
    r"|on (?:her|his) behalf)\b"
)
# "Chest pain? none", "fever: no".
ANSWERED_NO = re.compile(
    r"([a-zñ' ]{3,40})[?:] ?(?:no|none|nope|nah|ninguno|ninguna|nada)\b(?= *(?:$|[.,;!]))"
)
BODY = ("calf", "leg", "foot", "knee", "chest", "face")
# What a clause may say of a part that the clause before has named.
CARRIED = frozenset({"swollen", "warm", "lump", "chest_pain", "locked", "closing"})
LONGEST_CARRIED = 9
# "No fever, chills or swelling" is one denial, not three clauses.
LISTING = re.compile(rf"\b(?:{LISTED})\b(?:, (?:{LISTED}))+,? (?:or|and|nor|o|ni|y) (?:{LISTED})\b")
_KIN = (
    r"son|daughter|kids?|child(?:ren)?|wife|husband|partner|mom|mum|mother|mommy|mummy|dad|daddy|father|friend|mate|brother|sister|boss|neighbou?r|dogs?|cats?"
    r"|puppy|horse|baby|grandma|grandpa|gran|nan|grandson|granddaughter|grandkids?|niece|nephew|aunt|auntie|uncle|cousin|co ?worker|colleague|roommate|flatmate"
    r"|boyfriend|girlfriend|fiance|fiancee|ex|in law|hij[oa]s?|espos[oa]|marido|mujer|mama|papa|madre|padre|herman[oa]|amig[oa]|perr[oa]s?|gat[oa]s?|bebe|nin[oa]s?"
    r"|niet[oa]s?|suegr[oa]|vecin[oa]|abuel[oa]|ti[oa]|prim[oa]|novi[oa]|cunad[oa]|companer[oa]|jefe|jefa"
)
# Somebody else is who has it: "my wife has", "the cat fainted", "mum's in hospital with". Who only tells of
# the patient ("my wife says") is nobody else.
KIN = re.compile(
    rf"\b(?:{_KIN}|(?:patient|man|woman|lady|guy|someone|somebody|person) (?:\w+ ){{0,3}}(?:next to|beside|at|in|on))\b"
    r"(?! (?:says?|said|thinks?|thought|told|tells|noticed|notices|saw|sees|found|asked|is worried|wants|made|had to|has to|took|drove|carried|dice|dijo|cree|piensa|vio|noto|me|to)\b)"
)
MINE = re.compile(r"\b(?:i|im|ive|me|my|mine|mi|mis|yo|tengo)\b")
# It was, and is no more; for an emergency only what is long past.
LONG_AGO = re.compile(
    r"\b(?:(?:years?|yrs?) (?:ago|back)|in (?:19\d\d|20[01]\d|202[0-4])|(?:at|in) (?:high school|school|uni|college)|in my (?:teens|twenties|thirties|youth|\d0s)|last (?:summer|winter|spring|fall|autumn) |long ago|de chamac[oa]|en la (?:prepa|secundaria|primaria|escuela)|(?:el|la) (?:verano|invierno|primavera|otono) pasad[oa]|last year|as a (?:kid|child)|when i was (?:a kid|young|little|\d+)"
    r"|hace (?:\w+ )?anos?|el ano pasado|de ni[nñ][oa]|de joven|de chic[oa]|de peque[nñ][oa]|decades ago|back in (?:19|20)\d\d)\b"
)
# What is asked about, foreseen, or was looked at and not found, is not there.
HYPOTHETICAL = re.compile(
    r"^(?:so |and |but |y |pero )?(?:what|how) (?:should|would|do|can|will|could) (?:i|one|you|we) (?:\w+ )?(?:know|watch|look|tell|notice)\b|\bwatch (?:out )?for\b|\blook out for\b|\bread about\b|\bif (?:i|it) (?:ever |do |should )?(?:get|got|gets|have|had|feel|happens|happened)\b|\bif it (?:was|were|is)\b|\bif (?:it )?ever happens\b|\b(?:is|are) [a-z]+ (?:normal|something i)\b"
    r"|\ben que me fijo\b|\bcomo (?:se|sabria|sabre|puedo saber)\b|\bsi (?:algun dia|me (?:diera|da|llega|saliera)|se me llega)\b|\b(?:checked|asked|tested|looked|revis\w+|busc\w+) (?:\w+ ){0,3}(?:for|about|por|lo del)\b"
)
DENIES = frozenset(
    ["no", "not", "isnt", "arent", "wasnt", "never", "nunca", "without", "sin", "ni"]
)
# It was long ago, and is so now.
AGAIN = re.compile(
    r"\b(?:again|now|same|just like|like that|otra vez|de nuevo|ahora|igual|lo mismo)\b"
)
OVER = re.compile(
    r"^(?: (?:in|of|on|en|de|del) (?:my|the|mi|el|la|los|las)? ?\w+)?"
    r"(?: (?:is|are|was|were|has|have|feels?|seems?|got|esta|estan)(?: \w+){0,2} (?:over|passed|better|fine|down|less|mejor)"
    r"| broke"
    r"|(?: (?:is|are|was|has|have|ya|all|now|finally|mostly|almost|completely|totally|se|me)){0,3}"
    r" (?:gone|went away|goes away|going away|healed|stopped|better|cleared up|fue|quito|paso|desaparecio|mejor))"
    r"(?: (?:now|today|already|yesterday|last (?:week|night|month)|thanks|thank you|ya|hoy|ayer|gracias"
    r"|(?:desde )?(?:el|la) (?:mes|semana|ano|verano|invierno) pasad[oa]))*$"
)
# "Never like this" is no denial.
AS_NEVER = re.compile(r"\b(?:like this|this bad|so bad|as bad|before|tan|asi)\b")
NEVER_SO = re.compile(r"\b(?:never|nunca)\b(?: \w+){0,3} (?:so|this|such|as|tan|tanto)\b")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in a clause: where its words begin and end, each as a place in the clause."""

    name: str
    places: tuple[tuple[int, int], ...]


def red_flags(words: str) -> tuple[str, ...]:
    """The signs named in `words` (from `plain`), not denied, over or somebody else's, the most
    urgent first.
    """
    words = _mended(ANSWERED_NO.sub(" ", words))
    is_back = BACK_AGAIN.search(words) is not None
    speaks_for = FOR_THE_PATIENT.search(words) is not None
    clauses = _clauses(words)
    found = {
        sign.name
        # What is said a hundred times is read once.
        for clause in dict.fromkeys([*clauses, *_carried(clauses)])
        for sign in _signs_in(clause)
        if not _is_taken_away(sign, clause, is_back=is_back, speaks_for=speaks_for)
    }
    if "nerve" in found and signs.DIABETES.search(words):
        # Numbness with diabetes is no review: docs/clinical-rules.md#red-flags.
        found = found - {"nerve"} | {"vascular"}
    if "nerve" in found and signs.FAST.search(words):
        found = found - {"nerve"} | {"nerve_fast"}
    return tuple(name for name in OF_FLAG if name in found)


def _clauses(words: str) -> list[str]:
    """The parts of `words` that stand by themselves, without apostrophes and punctuation."""
    whole = words.replace("'", "")
    whole = LISTING.sub(lambda match: match[0].replace(",", " or"), whole)
    parts = (re.sub(r"[^a-zñ0-9 ]+", " ", part) for part in CLAUSE.split(whole))
    clauses = [" ".join(signs.NO_SIGNS.sub(" ", " ".join(part.split())).split()) for part in parts]
    return [ANSWERS_NO.sub("", clause) for clause in clauses if clause]


def _carried(clauses: Sequence[str]) -> list[str]:
    """Clauses that name no part of the body behind one that does, with that part: "my calf hurts.
    It is swollen". And a part alone behind what is said of it: "swelling, calf".
    """
    found: list[str] = []
    part = ""
    for before, clause in itertools.pairwise(["", *clauses]):
        named = [word for word in clause.split() if _is_in(word, BODY)]
        if named and _is_a_part_behind(clause, before):
            found.append(f"{before} {clause}")
        elif part and not named and _says_of_a_part(clause):
            found.append(f"{part} {clause}")
        part = named[-1] if named else part
    return found


def _is_a_part_behind(clause: str, before: str) -> bool:
    said = before.split()
    is_short = len(clause.split()) <= 3 and 0 < len(said) <= LONGEST_CARRIED
    return is_short and not any(_is_in(word, BODY) for word in said)


def _says_of_a_part(clause: str) -> bool:
    words = clause.split()
    return len(words) <= LONGEST_CARRIED and any(_is_in(word, CARRIED) for word in words)


def _is_in(word: str, groups: Collection[str]) -> bool:
    return any(name in groups for name in signs.groups_of(word))


def _mended(words: str) -> str:
    """With a slip of the thumb in a word of a sign mended: a false alert costs a look."""
    return " ".join(signs.mend(word) for word in words.split(" "))


def _signs_in(clause: str) -> list[Sign]:
    found = [
        Sign(name, ((match.start(), match.end()),))
        for name, pattern in PHRASES
        for match in [pattern.search(clause)]
        if match is not None and not _denies_itself(match)
    ]
    places = _places_of_groups(clause)
    for name, one, other, within in NEAR:
        if one not in places or other not in places:
            continue
        pair = _nearest(places[one], places[other], within, clause)
        if pair is not None:
            found.append(Sign(name, pair))
    return found


def _denies_itself(match: re.Match[str]) -> bool:
    """Whether a denial stands in a gap of a phrase that has none of its own: "foot is not black"."""
    return any(
        word in DENIES and not re.search(rf"\b{word}\b", match.re.pattern)
        for word in match[0].split()
    )


def _places_of_groups(clause: str) -> dict[str, list[tuple[int, int]]]:
    """Where the words of each group of the lexicon stand in the clause."""
    places: dict[str, list[tuple[int, int]]] = {}
    for match in re.finditer(r"[a-zñ0-9]+", clause):
        for group in signs.groups_of(match[0]):
            places.setdefault(group, []).append((match.start(), match.end()))
    return places


def _nearest(
    ones: list[tuple[int, int]],
    others: list[tuple[int, int]],
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


def _is_taken_away(sign: Sign, clause: str, *, is_back: bool, speaks_for: bool) -> bool:
    begin, end = sign.places[0][0], sign.places[-1][1]
    before, after = clause[:begin], clause[end:]
    said_never = re.search(r"\b(?:never|nunca)\b", before)
    is_worst = NEVER_SO.search(clause[:end]) or (said_never and AS_NEVER.search(after))
    is_denied = any(_is_denied(clause[:start]) for start, _ in sign.places)
    if is_denied and not (is_worst or is_back):
        return True
    if LONG_AGO.search(clause) and not AGAIN.search(clause):
        return True
    if sign.name != "self_harm" and HYPOTHETICAL.search(before):
        return True
    if not speaks_for and _is_somebody_elses(clause, end):
        return True
    is_emergency = OF_FLAG[sign.name] in {Urgency.CRISIS, Urgency.EMERGENCY}
    return not (is_emergency or is_back) and OVER.match(after) is not None


def _is_somebody_elses(clause: str, end: int) -> bool:
    """Whether a relative, a neighbour or a dog has the sign that ends at `end`."""
    kin = KIN.search(clause[:end])
    # "My dog tripped me" happened to the patient.
    next_word = " ".join(clause[end:].split()[:1])
    return kin is not None and not MINE.search(f"{clause[kin.end() : end]} {next_word}")


def _is_denied(before: str) -> bool:
    """Whether the words directly before a sign deny it: "no", fillers, other signs of a list."""
    in_list = False
    for word in reversed(before.split()[-12:]):
        if word in {"without", "sin"} and NOT_WITHOUT.search(before):
            return False
        if word in DENIALS:
            return True
        if word in {"or", "and", "nor", "o", "ni", "y"}:
            in_list = True
        elif word in FILLERS:
            continue
        elif not (in_list and re.fullmatch(LISTED, word)):
            return False
    return False
