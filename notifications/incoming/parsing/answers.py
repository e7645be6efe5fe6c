"""Short answers that take what we wrote before: yes, a part of it, "who is this?". Pure, linear."""

from __future__ import annotations

import re

from notifications.incoming.parsing.envelope import QUOTES
from notifications.incoming.parsing.plain import bare, plain, with_digits

LONGEST = 60
YES = re.compile(
    r"(?:yes|yep|yeah|yup|yes i (?:did|have)|si|si senor|sip|claro|claro que si|thumbs up|check|all good|todo bien|y|s)"
    r"(?:[ ,]+(?:thanks|thank you|gracias|maam|sir))?"
)
NO = re.compile(
    r"(?:no|nope|nah|none|not any|none of (?:them|these|those|that)|nothing|all good|n"
    r"|no[ ,]+(?:none|nothing|not any|nada|ninguno|ninguna|tengo nada|tengo)|nada|ninguno|ninguna"
    r"|ninguno de (?:esos|ellos)|todo bien)"
    r"(?:[ ,]+(?:thanks|thank you|thank god|gracias|gracias a dios|maam|sir|at all|de eso))*"
)
DOWN = re.compile(r"^\s*[👎❌✖](?:[\U0001F3FB-\U0001F3FF\uFE0F]*)\s*[.!]*\s*$")
THUMBS = re.compile(r"^\s*[👍👌✅✔☑](?:[\U0001F3FB-\U0001F3FF\uFE0F]*)\s*[.!]*\s*$")
# A thumb on a text of ours that asks for DONE.
THUMB_ON_DONE = re.compile(
    rf"^\W*(?:liked|le gust[oó]|👍\S{{0,2}} ?(?:to|a)) ?[{QUOTES}].{{0,300}}\b(?:DONE|HECHO)\b",
    re.IGNORECASE | re.DOTALL,
)
WHO = re.compile(
    r"(?:(?:hi|hello|hey|sorry|ok|um|hola|disculpe|perdon)[ ,.]+)*"
    r"(?:who(?:'?s| is| are| r)? ?(?:this|that|it|you|u|texting(?: me)?|messaging(?: me)?)(?: please| and why| from)?"
    r"|who am i (?:talking|texting) (?:to|with)|whose number is this|who is this (?:from|number)|new phone who dis"
    r"|quien(?: es| habla| eres| me escribe| escribe| manda esto| es usted| son ustedes)|de parte de quien|de quien es este numero)"
)
PART = re.compile(
    r"(?:i )?(?:only |just |ya |solo |nada mas )*(?:did|done|do|finished|got through|hice|termine)(?: about| like| como)?"
    r" (?:(?:a )?half|some|a few|part|most|a couple|\d{1,2}|la mitad|algunos|unos|una parte|casi todos)"
    r"(?: (?:of|de) (?:it|them|the \d{1,2}|\d{1,2}|my exercises|the exercises|los \d{1,2}|los ejercicios|ellos))?"
    r"(?: (?:exercises|ejercicios|today|hoy))*"
    r"|(?:about |como )?(?:half|some|most) of (?:them|the exercises)(?: done)?|half done|a medias"
)
FRACTION = re.compile(
    r"(\d{1,2}) ?(?:of|out of|/|de) ?(?:the |los )?(\d{1,2})(?: (?:done|hechos))?"
)
HALF = frozenset({"half", "half of it", "la mitad", "some", "most", "most of it"})


# LINK, and who wonders what to do today.
PAGE = re.compile(
    r"(?:please |can you |could you )*(?:(?:re)?send(?: me)? )?(?:the |my |a |new |another )*(?:link|page)(?: again)?(?: please)?"
    r"|what (?:do|should|must) i do(?: today| now)?|what(?: are|'?s| is)? (?:my|the) (?:exercises?|plan|program)(?: for)?(?: today)?"
    r"|(?:which|what) exercises(?: do i do| should i do| today| do i have)*|(?:my )?exercises today"
    r"|(?:por favor )?(?:(?:me )?(?:manda|mande|envia|envie|mandame|mandeme|enviame|envieme|reenvie)(?: me)? )?(?:el |mi |un |otro |nuevo )*(?:enlace|link)(?: otra vez| de nuevo)?(?: por favor)?"
    r"|(?:el|mi) pagina|que (?:hago|me toca|debo hacer|tengo que hacer)(?: hoy| ahora)?|cuales son mis ejercicios(?: de hoy)?|(?:mis )?ejercicios de hoy"
)


# The word that agrees to texts, where the words of consent were just shown.
JOIN = re.compile(
    r"(?:(?:hi|hello|hola|ok|okay|yes|si|this is \w+|soy \w+)[ ,.]+)*(?:i )?(?:want to |would like to |quiero )?(?:join|joined|joins|jion|agree|acepto|aceptar|asepto|unirme)(?: (?:please|thanks|thank you|por favor|gracias))?"
)


def agrees_to_join(words: str) -> bool:
    """Whether `words` (from `plain`) are JOIN or ACEPTO and nothing else."""
    return len(words) <= LONGEST and JOIN.fullmatch(bare(words)) is not None


# A bad day, in the word the card of the page gives.
FLARE = re.compile(
    r"(?:(?:hi|hello|help|hola|ayuda)[ ,.]+)*"
    r"(?:(?:i|im|i'm|am|have|having|got|in|a|an|another|my|bad|big|the|tengo|tuve|con|un|otro|mi|el|fuerte) )*"
    r"(?:flare(?: ?ups?| up)?|flareup|brote)(?: (?:today|again|plan|fuerte|hoy|otra vez))*(?: please| por favor)?"
)


def asks_for_flare(words: str) -> bool:
    """Whether `words` (from `plain`) tell of a flare and nothing else."""
    return len(words) <= LONGEST and FLARE.fullmatch(bare(words)) is not None


def asks_for_page(words: str) -> bool:
    """Whether `words` (from `plain`) ask for the link, or for what there is to do today."""
    return len(words) <= LONGEST and PAGE.fullmatch(bare(words)) is not None


def is_yes(text: str) -> bool:
    """Whether `text` says yes and nothing else, in a word or with a thumb."""
    if THUMBS.match(text[:LONGEST]) or THUMB_ON_DONE.match(text[:400]):
        return True
    words = bare(plain(text[: LONGEST + 1]))
    return len(text) <= LONGEST and YES.fullmatch(words) is not None


def is_thumb(text: str) -> bool:
    """Whether `text` is a thumb or a tick, up or down, and no word."""
    return any(pattern.match(text[:LONGEST]) for pattern in (THUMBS, DOWN))


def is_no(text: str) -> bool:
    """Whether `text` says no and nothing else."""
    if DOWN.match(text[:LONGEST]):
        return True
    words = bare(plain(text[: LONGEST + 1]))
    return len(text) <= LONGEST and NO.fullmatch(words) is not None


def asks_who(words: str) -> bool:
    """Whether `words` (from `plain`) ask who writes."""
    return len(words) <= LONGEST and WHO.fullmatch(bare(words)) is not None


def is_part(words: str) -> bool:
    """Whether `words` (from `plain`) say that some of it was done."""
    return len(words) <= LONGEST and PART.fullmatch(with_digits(bare(words))) is not None


def is_fraction(words: str) -> bool:
    """Whether `words` are "2 of 5" or "half": fewer than all, of a number that is no scale of pain.
    What of is not said.
    """
    if bare(words) in HALF:
        return True
    match = FRACTION.fullmatch(bare(words)) if len(words) <= LONGEST else None
    return match is not None and int(match[1]) < int(match[2]) != 10
