"""DONE, SKIP, LATER, PAUSE, RESUME, UNDO and the reasons for skipping, in English and Spanish."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from notifications.incoming.parsing.clock import times_in
from notifications.incoming.parsing.plain import bare, with_digits

DEFAULT_LATER_MINUTES = 60
LONGEST_LATER_MINUTES = 12 * 60
DEFAULT_PAUSE_DAYS = 7
LONGEST_PAUSE_DAYS = 60
# A command is short; longer text is a story, and no pattern below has to look at it.
LONGEST_COMMAND = 120
COURTESY = re.compile(
    r"^(?:ok(?:ay)?|please|pls|yes|si|hi|hola|thanks|por favor|ya)[ ,]+|"
    r"[ ,]+(?:please|pls|thanks|thank you|thx|por favor|gracias|today|hoy|now|ahora|ok)$"
)
# Each command's own words and the usual slips of a thumb.
FORMS: dict[str, re.Pattern[str]] = {
    "undo": re.compile(
        r"und[op]o?|unod|udno|undone|take (?:it|that) back|scratch that|never ?mind that|delete that"
        r"|deshacer|deshaser|desacer|borra eso|olvida eso"
    ),
    "done": re.compile(
        r"(?:i(?:'m| am| have|'ve)? )?(?:all |just |already )*(?:done|did(?: it| them| all| everything| my exercises| the exercises| my stretches)?"
        r"|finished|complete|completed|doen|dne|donne|dond|donr|dobe|d0ne)(?: it| them| all| all of them| everything| twice| with (?:it|them)"
        r"| my exercises| exercises| already| today)*|i did|\d{1,3} (?:min|mins|minutes|minutos) (?:done|hechos?)|hechos?|hecha|echo|hehco|(?:ya )?(?:hice|hise|ize|termine|acabe|complete|cumpli(?: con)?)(?: (?:con|todos?|hoy))*(?: (?:los|mis|todos los|la rutina|la terapia))?(?: ejer[cs]i[cs]ios)?(?: (?:todos|hoy|de hoy|completos))?|hice (?:todo|todos|los ejercicios|mis ejercicios)|ya hice (?:todo|todos|los ejercicios)|listo|lista|terminado|termine|ya (?:lo hice"
        r"|termine|esta|los hice)|lo hice|los hice|completado|completo"
    ),
    "skip": re.compile(
        r"(?:i(?:'ll| will)? )?(?:skip|skipped|skipping|skp|sikp|skipp)(?: it| this| it this time| one)?"
        r"|not today|(?:i )?(?:didn'?t|did not|couldn'?t|can'?t) do (?:it|them)|no(?:t)? done|saltar|salto"
        r"|saltare|omitir(?: (?:hoy|esta vez|por hoy))?|(?:skip|salto|paso)(?: por)? hoy|omito(?: hoy)?|hoy no|no hoy|no lo hice|no los hice|no pude|no puedo hoy|saltr"
    ),
    "resume": re.compile(
        r"resume|reusme|resum|continue|unpause|go on|i'm back|im back|back|seguir|sigue|start again|start over|volver|reanudar|continuar"
        r"|segir|ya regrese|ya volvi"
    ),
}
LATER = re.compile(
    r"(?:ahorita|ahora) no[ ,]+(?:mas tarde|luego|despues)|(?:(?:remind me|ask me|text me) )?(?:again )?(?:later|latter|laetr|lter|later on|luego|lueguito|lugo|mas tard(?:e|ecito)|al rato|ratito|despues|despuesito"
    r"|snooze|recuerdame(?: mas tarde| luego)?)(?: (?:in |en )?(?P<span>.+))?"
    r"|(?:remind me |ask me |recuerdame )?(?:in|en) (?P<alone>.+)"
)
# "Remind me at 7pm", "later, at 7".
LATER_AT = re.compile(
    r"(?:(?:please )?(?:remind|ask|text|message) me(?: again| later| back)?|later|snooze(?: until| till)?|mas tarde|luego"
    r"|recuerd(?:ame|eme|enme)(?:lo)?|avis(?:ame|eme|enme)|i'?ll do (?:it|them)|lo hago|los hago)[ ,]+(?P<when>.{1,30})"
)
PAUSE = re.compile(
    r"(?:pause|puase|pasue|paus|pausa|pausar|vacation|vacaciones)(?: (?:for |por |until |hasta )?(?P<span>.+))?"
)
MINUTES = {
    r"(?:min|mins|minute|minutes|minuto|minutos|m)": 1,
    r"(?:h|hr|hrs|hour|hours|hora|horas)": 60,
}
DAYS = {
    r"(?:d|day|days|dia|dias)": 1,
    r"(?:w|wk|wks|week|weeks|semana|semanas)": 7,
}
ARTICLE = re.compile(r"^(?:an?|una?|half an?|media) ")
REASONS: dict[str, re.Pattern[str]] = {
    "time": re.compile(
        r"(?:i (?:had|have) )?(?:no|not enough) time|too busy|busy|(?:i )?(?:didn'?t|don'?t) have time|work"
        r"|(?:no tuve|sin|no tengo|falta de) tiempo|ocupad[oa]|muy ocupad[oa]|tiempo|time"
    ),
    "pain": re.compile(
        r"(?:too much |the |it was |because of )?pain|(?:it )?hurts?(?: too much)?|too painful|dolor"
        r"|mucho dolor|me (?:duele|dolia)(?: mucho)?|por (?:el )?dolor"
    ),
    "forgot": re.compile(
        r"(?:i )?(?:just )?for(?:got|gotten)|forgit|(?:se me )?olvid[oe]|me olvide|lo olvide"
    ),
    "not_sure": re.compile(
        r"(?:i'?m )?not sure(?: how)?|(?:i )?(?:don'?t|do not) know how|no (?:se|estoy segur[oa])(?: como)?"
    ),
    "other": re.compile(r"other|something else|otr[oa]|otra cosa"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command; `minutes` or `times` for later, `days` for pause, `reason` for a reason, `score` for
    the pain told beside DONE.
    """

    name: str
    minutes: int | None = None
    times: tuple[time, ...] = ()
    days: int | None = None
    reason: str = ""
    score: int | None = None


# "DONE 6", "done, it hurt 7", "hecho 6/10": the worst pain meanwhile.
DONE_WITH_PAIN = re.compile(
    r"(?P<done>.{1,40}?)[ ,.:;!-]+(?:(?:but|pero|and|y|with|con|it|they|that|me|mucho|a lot|pain|dolor|hurts?|hurt|duele|dolio|was|is|at|of|de|un|an?|about|level)[ ,.:-]*){0,6}"
    r"(?P<score>\d{1,2})(?: ?(?:/|out of|of|de|sobre) ?10)?(?: (?:pain|de dolor|dolor))?[ .!]*"
)


def find_command(words: str) -> Command | None:
    """The command that `words` (from `plain`) are, whole, or None. A time that makes no sense is
    no command: the caller asks.
    """
    whole = bare(words)
    if len(whole) > LONGEST_COMMAND:
        return None
    found = (
        _command(whole)
        or _done_and_a_word(whole)
        or _command(bare(COURTESY.sub("", COURTESY.sub("", whole))))
    )
    return found or _done_with_pain(whole)


# "DONE!! Feeling good", "done in 20 min": what follows takes nothing back and holds no number.
REST_OF_DONE = re.compile(
    r"(?P<done>[^.,;!]{1,40}?)(?:[.,;!]+ *(?P<rest>[^0-9]{1,80})|(?: in| en|[,.]? (?:me|it) (?:tomo|llevo|took(?: me)?)) \d{1,3} ?(?:min|mins|minutes|minutos))"
)
TAKES_BACK = re.compile(
    r"\b(?:not|no|n't|but|pero|half|mitad|except|until|almost|casi|didn|couldn|can|tomorrow|later)\b"
)


def _done_and_a_word(whole: str) -> Command | None:
    match = REST_OF_DONE.fullmatch(whole)
    if match is None or not FORMS["done"].fullmatch(bare(match["done"])):
        return None
    return None if TAKES_BACK.search(match["rest"] or "") else Command("done")


def _done_with_pain(whole: str) -> Command | None:
    match = DONE_WITH_PAIN.fullmatch(with_digits(whole))
    if match is None or not FORMS["done"].fullmatch(bare(match["done"])):
        return None
    score = int(match["score"])
    return Command("done", score=score) if score <= 10 else None


def _command(core: str) -> Command | None:
    for name, form in FORMS.items():
        if form.fullmatch(core):
            return Command(name)
    for reason, form in REASONS.items():
        if form.fullmatch(core):
            return Command("reason", reason=reason)
    return _later(core) or _pause(core)


def _later(core: str) -> Command | None:
    at = LATER_AT.fullmatch(core)
    if at is not None and (times := times_in(with_digits(at["when"]))):
        return Command("later", times=times)
    if not (match := LATER.fullmatch(core)):
        return None
    span = match["span"] or match["alone"]
    minutes = _span(span, MINUTES) if span else DEFAULT_LATER_MINUTES
    return (
        Command("later", minutes=minutes) if 0 < (minutes or 0) <= LONGEST_LATER_MINUTES else None
    )


def _pause(core: str) -> Command | None:
    if not (match := PAUSE.fullmatch(core)):
        return None
    days = _span(match["span"], DAYS, bare_unit=1) if match["span"] else DEFAULT_PAUSE_DAYS
    return Command("pause", days=days) if 0 < (days or 0) <= LONGEST_PAUSE_DAYS else None


def minutes_in(words: str) -> int | None:
    """The minutes that `words` name and nothing else ("6 hours" is 360), or None."""
    whole = bare(words)
    return _span(whole, MINUTES) if len(whole) <= LONGEST_COMMAND else None


def _span(text: str, units: dict[str, int], *, bare_unit: int = 0) -> int | None:
    half = text.startswith(("half an", "media"))
    number = with_digits(ARTICLE.sub("1 ", text))
    for unit, size in units.items():
        if match := re.fullmatch(rf"(\d{{1,3}}) ?{unit}", number):
            return int(match[1]) * size // (2 if half else 1)
    if bare_unit and re.fullmatch(r"\d{1,3}", number):
        return int(number) * bare_unit
    return None
