"""What people say of pain without a number: that there is none, or words that need asking. Pure, linear."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications.incoming.parsing import vocabulary
from notifications.incoming.parsing.edits import mended_to
from notifications.incoming.parsing.plain import NUMBERS, bare, with_digits

# NO_PAIN can take some words in two ways; longer text is asked about.
LONGEST_SAID_AROUND = 60
NO_PAIN = re.compile(
    r"(?:today|hoy|this morning|esta manana)? ?"
    r"(?:(?:i have|i've|there'?s|have|tengo|hay|feeling|i feel|i'm|im|woke up|completely|totally|amaneci|desperte|me desperte|me levante|ando|estoy|ya ando)? ?)?(?:ya )?(?:hoy )?"
    r"(?:(?:absolutely |virtually |really )?no (?:heel |foot |morning |real )?pain|none|nothing|zero pain|nil(?: pain)?|zilch|not a twinge|nought|naught|goose egg|big fat 0|pain[- ]?free|painless|0 pain|nada|nada de dolor|ninguno|ningun dolor|nadita|sin nada(?: de dolor)?|nada de nada|ni tantito|not a bit(?: of pain)?|no pain to report|no (?:senti|sentido)(?: nada de| ningun)? dolor"
    r"|sin dolor|no dolor|cero dolor|(?:it |que )?(?:doesn'?t|does not|isn'?t) (?:hurt|hurting)|not hurting"
    r"|(?:ya )?no (?:tengo|siento|hay) dolor|ya no me duele|no (?:me )?duele(?: nada)?|no hurt|(?:it )?(?:didn'?t|did not) hurt(?: me)?|(?:hoy )?no me (?:duele|dolio)(?: nada| nadita| ni tantito)?|doesn'?t hurt|does not hurt|0"
    r"|(?:the |my )?pain is gone|0 nada|0 none)"
    r"(?: at all| whatsoever| one bit| a bit| to report| now| po| not a twinge| on first steps| for a change| for once| today| hoy| this morning| esta manana| thanks| gracias| now| de dolor)*"
)
# Behind "no pain": but for some, or later, or it is about something else.
TAKES_ZERO_BACK = re.compile(
    r"\d|\b(?:but|until|till|then|later|after\w*|except|only|just|although|though|unless|when|while|if|now|worse|bad|some|little|bit|slight\w*|sore\w*"
    r"|stiff\w*|tight\w*|ach\w*|hurt\w*|pain\w*|numb\w*|tingl\w*|swell\w*|swollen|pero|hasta|luego|despues|menos|solo|aunque|cuando|si|ahora|peor|algo|poco"
    r"|duele|dolor|molest\w*|hinch\w*|gain|yet|exercises?|text\w*|stop)\b"
)
# Whom one speaks to says nothing of pain.
CALLED = re.compile(
    r"\b(?:seno|senor|senora|senorita|mija|mijo|doc|doctor|doctora|hon|dear|team)\b"
)
# "Nothing today" may be about the exercises; "no pain" is not.
OF_PAIN = re.compile(r"\b(?:0|zero|cero|pain|dolor|hurt\w*|duele|dolio|painless)\b")
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
class Zero:
    """That there was no pain: said in so many words (`is_bare`), or with a tale behind it."""

    is_bare: bool = False
    has_a_tale: bool = False


def no_pain(core: str) -> Zero | None:
    """Whether `core` (from `plain`) says that nothing hurt; None: it does not."""
    said = vocabulary.ON_WAKING.sub(" ", vocabulary.COURTESY.sub(" ", core.replace("(", " ")))
    words = bare(" ".join(CALLED.sub(" ", said).split()))
    if len(words) <= LONGEST_SAID_AROUND and NO_PAIN.fullmatch(words):
        return Zero(is_bare=bool(OF_PAIN.search(words)))
    return Zero(has_a_tale=True) if _is_zero_with_a_tale(core) else None


def _is_zero_with_a_tale(core: str) -> bool:
    """Whether words that begin with "no pain" go on without taking it back or another number."""
    first, _, tale = core.partition(",") if "," in core else core.partition(".")
    said = " ".join(vocabulary.COURTESY.sub(" ", CALLED.sub(" ", first)).split())
    zero = NO_PAIN.fullmatch(bare(vocabulary.ON_WAKING.sub(" ", said).strip()))
    return bool(zero and OF_PAIN.search(said) and not TAKES_ZERO_BACK.search(with_digits(tale)))


def speaks_of_pain(core: str) -> bool:
    """Whether these words, without a number, are a try at an answer; longer ones tell a story."""
    if YES_OR_NO.fullmatch(core) or SOME_PAIN.match(core):
        return True
    words = core.split()
    if len(words) <= 3 and any(mended_to(word, NUMBERS) for word in words):
        return True  # "sevn" is asked about
    return len(words) <= 6 and COMPARISON.search(core) is not None
