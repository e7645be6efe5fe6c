"""A pain score in a text: one number from 0 to 10 that can mean nothing else, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications.incoming.parsing.plain import bare, with_digits

# "4/10", "4 out of 10", "4 de 10", "4 on a scale of 10": the scale is named, not a second number.
SCALE = re.compile(
    r"(?<![\d/.,:-])(\d{1,2}) ?(?:/|out of|of|de|sobre|en una escala de|on a scale of|of a possible)"
    r" ?10(?![\d/.,:]*\d)"
)
NUMBER = re.compile(r"\d+")
# A number inside these is no score: ranges, decimals, dates, times, signs, percent, counts.
ODD_NUMBER = re.compile(
    r"\d ?[-.,:/~] ?\d|[-+<>$€£~] ?\d|(?:^|\s)[.,] ?\d|\d ?[-+%<>$€]|\d(?!ish\b)[a-z]|\bhalf\b|\bmedio\b"
    r"|\bmedia\b|\? \d|\d ?\? ?\d"
)
# What may follow a score: nothing, courtesy, or the start of a remark. Anything else, such as a noun,
# may make it a count ("2 exercises") or a change ("2 better").
REMARK = re.compile(
    r"(?:but|and(?! (?:up|above|over|a half|half))|because|cuz|bc|with|i|i'm|it|its|it's|my|that|this"
    r"|(?:left|right) (?:foot|heel|side|leg)|pero|y(?! (?:medio|media))|porque|con|me|mi|esta|pie (?:izquierdo"
    r"|derecho)|still|ouch|ow|ugh|ay|oh|lol|haha|sadly|unfortunately|hurts|duele|pretty|very|really|so|muy"
    r"|bastante|stiff|sore|rigid[oa]|in the morning|por la manana|en la manana|yikes|omg|wow|igual que ayer)\b"
)
# LEAD, TAIL and NO_PAIN can take some words in two ways, so what they cost doubles with each such
# word. The longest lead of any score in our corpora has 15 letters; longer text is asked about.
LONGEST_SAID_AROUND = 60
# What may stand before a score without turning it into a tale.
LEAD = re.compile(
    r"(?:(?:hi|hello|hey|hola|good morning|morning|buenos dias|ok|okay|um|well|bueno|pues|sorry|perdon|oops"
    r"|oh|yes,?|actually|correction|correccion|quise decir|i (?:meant|mean)|meant|change (?:it |that )?to"
    r"|should be|make (?:it|that)|today|todays?|today's|hoy|this morning|esta manana|amaneci en"
    r"|(?:my |the |mi |el )?(?:first[- ]step |heel |foot )?(?:pain|dolor)(?: (?:level|score|is|was|es|de|today"
    r"|hoy|nivel))*|nivel(?: de dolor)?|first steps?|primeros pasos|(?:left|right) (?:foot|heel)"
    r"|(?:it|it's|its|that's)(?: (?:is|was))?(?: (?:a|an|at))?|(?:hurts|me duele|duele)(?: (?:a|an|un|like a))?"
    r"|i'?m at(?: an?)?|am at(?: an?)?|estoy en|ando en|sigue en|sigo en|es(?: un)?|era(?: un)?|fue(?: un)?"
    r"|tengo un|le doy un|diria que|at an?|an?|un|like an?|como un|(?:just|only|still|solo)(?: an?)?|about(?: an?)?"
    r"|around(?: an?)?|approximately|maybe(?: an?)?|probably(?: an?)?|(?:i'?d |i would |id |let'?s )?say(?: an?)?"
    r"|would be(?: an?)?|unos?|alrededor de|mas o menos(?: un)?|(?:i )?(?:think|guess)(?: an?)?|creo(?: que)?"
    r"(?: es)?(?: un)?|reply|answer|respuesta|same|igual|worse today|better today|peor hoy|mejor hoy|worse|peor"
    r"|bad|ugh|ouch|ay|ahora|ahorita|now|solid)[ ,.:=;!]*)*"
)
A_DATE = re.compile(r"\b(?:hoy es|today is)$")
TAIL = re.compile(
    r"(?:[ ,.:;!]*(?:today|hoy|this morning|esta manana|pain|dolor|level|please|thanks|thank you|thx|gracias"
    r"|ish|now|ahora|for me|para mi|i think|creo|again|otra vez|ok|lol|maybe|probably|sorry|perdon"
    r"|first steps?|de dolor))*[ ,.:;!]*"
)
NO_PAIN = re.compile(
    r"(?:(?:i have|i've|there'?s|have|tengo|hay|feeling|i feel|i'm|im|completely|totally)? ?)?"
    r"(?:no pain|none|nothing|zero pain|pain[- ]?free|painless|0 pain|nada|nada de dolor|ninguno|ningun dolor"
    r"|sin dolor|no dolor|cero dolor|(?:it |que )?(?:doesn'?t|does not|isn'?t) (?:hurt|hurting)|not hurting"
    r"|(?:ya )?no (?:tengo|siento|hay) dolor|ya no me duele|no (?:me )?duele(?: nada)?|no hurt|doesn'?t hurt|does not hurt|0)"
    r"(?: at all| whatsoever| today| hoy| this morning| esta manana| thanks| gracias| now| de dolor)*"
)
# "No pain while walking, but…" is no zero.
SOME_PAIN = re.compile(r"(?:no pain|sin dolor|no dolor|pain[- ]?free)\b")
YES_OR_NO = re.compile(r"no|nope|nah|yeah|yep|yup|si|claro")
# Said of pain without a number: asked about, because one person's "fine" is another's 4.
COMPARISON = re.compile(
    r"\b(?:better|worse|same|fine|good|great|ok|okay|bad|terrible|awful|horrible|hurts?|hurting|sore|stiff"
    r"|half|so so|meh|a little|a lot|little|lots|some|mild|moderate|severe|high|low|medium|mejor|peor"
    r"|igual|bien|mal|regular|poco|poquito|mucho|duele|dolio|fuerte|leve|alto|bajo|algo|pain|dolor)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the numbers of a text say: a score with the words around it, or a reason to ask."""

    score: int | None = None
    note: str = ""
    ask: bool = False


ASK = Found(ask=True)


def find_score(words: str, text: str) -> Found:
    """The score in `words` (from `plain`); `text` is what was written, kept as the note.

    A number that could be something else asks. No number and nothing about pain: nothing found.
    """
    core = bare(words)
    if len(core) <= LONGEST_SAID_AROUND and NO_PAIN.fullmatch(core):
        return Found(0)
    digits = words_without_scale(words).strip(" .,!;:'\"")
    numbers = NUMBER.findall(digits)
    if not numbers:
        return ASK if _speaks_of_pain(core) else Found()
    if len(numbers) > 1 or ODD_NUMBER.search(words_without_scale(words)):
        return ASK
    return _one_number(digits, numbers[0], text)


def words_without_scale(words: str) -> str:
    """`words` with digits for number words, and the scale that a score names taken away."""
    return SCALE.sub(r"\1", with_digits(words)).replace("#", "")


def _speaks_of_pain(core: str) -> bool:
    """Whether these words, without a number, are a try at an answer; longer ones tell a story."""
    if YES_OR_NO.fullmatch(core) or SOME_PAIN.match(core):
        return True
    return len(core.split()) <= 6 and COMPARISON.search(core) is not None


def _one_number(digits: str, number: str, text: str) -> Found:
    before, after = (part.strip() for part in digits.split(number, 1))
    if len(number) > 2 or int(number) > 10 or "?" in digits or len(before) > LONGEST_SAID_AROUND:
        return ASK
    if not LEAD.fullmatch(f"{before} " if before else "") or A_DATE.search(before):
        return ASK
    if len(after) <= LONGEST_SAID_AROUND and TAIL.fullmatch(after):
        return Found(int(number))
    # Behind a comma or a full stop begins something new.
    if after[0] in ",.;!" or REMARK.match(after):
        return Found(int(number), note=" ".join(text.split())[:500])
    return ASK
