"""A pain score in a text: one number from 0 to 10 that can mean nothing else, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications.parsing.plain import bare, with_digits

# "4/10", "4 out of 10", "4 de 10", "4 on a scale of 10": the scale is named, not a second number.
SCALE = re.compile(
    r"(?<![\d/.,:-])(\d{1,2}) ?(?:/|out of|of|de|sobre|en una escala de|on a scale of|of a possible)"
    r" ?10(?![\d/.,:]*\d)"
)
NUMBER = re.compile(r"\d+")
# A number inside these is no score: ranges, decimals, dates, times, signs, percent, counts.
ODD_NUMBER = re.compile(
    r"\d ?[-–.,:/~] ?\d|[-+<>] ?\d|\d ?[+%<>]|\d(?:st|nd|rd|th|x|k|s)\b|\bhalf\b|\bmedio\b|\bmedia\b"
    r"|\d[a-z]+\d|\b\d+ ?\?+ ?\d|\? \d"
)
UNIT = re.compile(
    r"^(?:minutes?|mins?|hours?|hrs?|h|m|days?|weeks?|wks?|months?|years?|yrs?|yo|seconds?|secs?|times?"
    r"|reps?|sets?|steps?|miles?|mi|km|kms|blocks?|feet|ft|inch(?:es)?|lbs?|pounds?|kg|kilos?|am|pm|oclock"
    r"|o'clock|percent|pills?|mg|degrees?|minutos?|horas?|dias?|semanas?|meses|mes|anos?|segundos?|veces|vez"
    r"|repeticiones|series|pasos|millas?|cuadras?|pies|libras?|pastillas?|grados?|por|or|o|to|a|al?"
    r"|de|of|in|en|if|si|when|cuando|before|antes|until|hasta)\b"
)
# Words that stand before a number that is not a score.
NOT_AFTER = re.compile(
    r"\b(?:for|in|after|since|at|by|over|under|than|until|till|room|apt|suite|day|week|month|phase|step"
    r"|number|grade|or|and|to|from|between|not|no|nearly|almost|below|above|walked|ran|did|slept|take"
    r"|took|have|had|every|last|next|past|age|durante|desde|hasta|despues|dia|semana|mes|fase|entre|o|y|casi"
    r"|menos|mas|camine|corri|hice|dormi|tome|tengo|cada|por|a las|las)$"
)
CHANGE_TO = re.compile(r"\bchange (?:it |that )?to$")
# Words that may stand between the start of a text and its score without turning it into a tale.
LEAD = re.compile(
    r"(?:(?:hi|hello|hey|hola|good morning|morning|buenos dias|ok|okay|um|well|bueno|pues|sorry|perdon"
    r"|oops|oh|yes,?|i (?:meant|mean)|meant|correction|correccion|quise decir|actually|change (?:it )?to"
    r"|should be|make (?:it|that)|today|todays?|today's|hoy|this morning|esta manana|my|mi|the|el|pain|dolor"
    r"|level|score|nivel|first|steps?|primeros|pasos|heel|foot|talon|pie|hurts|it|it's|its|that's|i'?m|am"
    r"|i|was|is|was|es|era|fue|esta|estoy|en|at|a|an|un|like|como|about|around|approximately|maybe|probably"
    r"|say|i'?d|i would|id|would be|unos?|alrededor|de|del|mas o menos|creo|que|think|reply|answer"
    r"|respuesta|still|sigue|siendo|still|todavia|aun|me duele|duele|worse|better|peor|mejor|bad|slightly"
    r"|ugh|ouch|ay|only|just|solo|nomas|now|ahora|feels?|feeling)[ ,.:=;!]*)*"
)
TAIL = re.compile(
    r"(?:[ ,.:;!?]*(?:today|hoy|this morning|esta manana|pain|dolor|level|please|thanks|thank you|thx|gracias"
    r"|ish|now|ahora|for me|para mi|i think|creo|again|otra vez|otra|ok|lol|maybe|probably|sorry|perdon"
    r"|first step|first steps|de dolor|nivel))*[ ,.:;!?]*"
)
NO_PAIN = re.compile(
    r"(?:(?:i have|i've|there'?s|have|tengo|hay|feeling|i feel|i'm|im|completely|totally|almost)? ?)?"
    r"(?:no pain|none|nothing|zero pain|pain[- ]?free|painless|0 pain|nada|nada de dolor|ninguno|ningun dolor"
    r"|sin dolor|no dolor|cero dolor|no (?:me )?duele(?: nada)?|no hurt|doesn'?t hurt|does not hurt|0)"
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
    if NO_PAIN.fullmatch(core):
        return Found(0)
    digits = SCALE.sub(r"\1", with_digits(words)).strip(" .,!;:'\"#")
    digits = digits.replace("#", "")
    numbers = NUMBER.findall(digits)
    if not numbers:
        return ASK if _speaks_of_pain(core) else Found()
    if (
        len(numbers) > 1
        or ODD_NUMBER.search(digits)
        or words.lstrip().startswith(("-", "+", "<", ">"))
    ):
        return ASK
    return _one_number(digits, numbers[0], text)


def _speaks_of_pain(core: str) -> bool:
    """Whether these words, without a number, are a try at an answer; longer ones tell a story."""
    if YES_OR_NO.fullmatch(core) or SOME_PAIN.match(core):
        return True
    return len(core.split()) <= 6 and COMPARISON.search(core) is not None


def _one_number(digits: str, number: str, text: str) -> Found:
    before, after = (part.strip() for part in digits.split(number, 1))
    if len(number) > 2 or int(number) > 10:
        return ASK
    followed = re.sub(r"^[ ,.:;!?-]+", "", after)
    if after[:1] not in {",", ".", ";"} and UNIT.match(followed):
        return ASK
    corrects = CHANGE_TO.search(before)
    if (NOT_AFTER.search(bare(before)) and not corrects) or not LEAD.fullmatch(
        f"{before} " if before else ""
    ):
        return ASK
    note = "" if TAIL.fullmatch(after) else " ".join(text.split())[:500]
    return Found(int(number), note)
