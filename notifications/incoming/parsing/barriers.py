"""What got in the way, in a number or in words of both languages. Pure, linear.

Read only right after we asked: the same words mean other things elsewhere.
"""

from __future__ import annotations

import re

from exercises.rules.coaching import Barrier
from notifications.incoming.parsing.plain import NUMBERS, bare, plain

# A longer answer is a story: it is for a person, whatever it names.
LONGEST = 120
# A choice stands alone: not "2 of 7", "3 days", "at 6 pm", "2 kids", "3.5".
NUMBER = re.compile(
    r"(?<![\d./:$])(?<!not )(?<!no la )(?<!no es la )(?<!at )(?<!las )(?<!only )(?<!solo )\b([1-6])\b"
    r"(?![./:]\d)(?! ?(?:/|(?:out )?of\b|de \d|days?|dias?|times?|veces|weeks?|semanas?|hours?|horas?|am|pm|mins?|minut\w*|kids?|ninos|hijos|(?:over ?time|double|long|extra) \w+|jobs?|shifts?|turnos?|trabajos?|years?|anos?|months?|meses)\b)"
)
# A number in words is one only in front, with little behind it: "four. the same moves", no "that one".
IN_WORDS = re.compile(
    r"(?:(?:hi|hello|hola|number|option|answer|reason|numero|opcion|la|el|es|its|it's|it was|fue|creo que|i say|probably|mostly|the|was)[ ,.:]+)*"
    r"(?P<word>[a-z]{2,8})(?=[.,:;!]| (?:please|thanks|thank|gracias|por|doctora?|haha|jaja\w*|lol|sorry)\b|$)"
)
PLACES = (
    ("first", "primera", "primero"), ("second", "segunda", "segundo"), ("third", "tercera", "tercero"),
    ("fourth", "cuarta", "cuarto"), ("fifth", "quinta", "quinto"), ("sixth", "sexta", "sexto", "last", "ultima"),
)  # fmt: skip  # a table
PLACE = {word: place for place, words in enumerate(PLACES, 1) for word in words}
# What is told to be none of it, and what only sounds like it.
DENIED = re.compile(
    r"\b(?:no|not|wasn'?t|isn'?t|didn'?t|don'?t|without|never|sin|nada de)(?: (?:the|any|really|much|too|so|actually|es|fue|era|tengo|tuve|hay|me|se|por|el|la|mucho|tanto|que))* "
    r"(?:pain\w*|hurt\w*|sore|bor(?:ed|ing)|forg[eo]t\w*|dolor(?:es)?|duel[ea]|dolio|aburr\w+|ol[vb]id\w+)\b"
    r"|(?<!not )(?<!nt )(?<!n't )(?<!no )(?<!never )(?<!nunca )\b(?:have|had|got|tengo|tuve|hay) (?:the |plenty of |lots of |enough |mucho |el )?(?:time|tiempo)\b"
    r"|\b(?:pain|dolor) (?:is|was|has been|esta|va)(?: a ?lot| much| way| mucho| muy)* (?:better|gone|ok|fine|less|mejor|bien)\b"
    r"|\b(?:job|work|schedule|boss|trabajo) (?:is|has been|me esta) (?:killing me|matando)|\b(?:hurts? to|me duele) (?:admit\w*|say|decir\w*)"
    r"|\b[2-6] (?:is|was|esta) (?:better|ok|fine|gone|mejor|bien)\b"
    r"|\bpain in the (?:ass|butt|neck|rear|a)\b|\bpainfully\b|\bya no me (?:duele|molesta)\b"
)
# Pain counts before all else; of the others what is named first.
WORDS: dict[Barrier, re.Pattern[str]] = {
    Barrier.PAIN: re.compile(
        r"\b(?:pain\w*|pian|hurt(?:s|ing)?|sore(?:ness)?|ach(?:e|es|ed|ing|eing|y)|agony|killing me|throb\w*|fla(?:r|ir)(?:e|ed|ing)\w*|sharp|stab(?:s|bing)|winc(?:e|ing)|cramp\w*|(?:can'?t|couldn'?t) put (?:any )?weight|swollen|tender|burn(?:s|ed|ing)?"
        r"|dol(?:or\w*|ia|io|ido)|due(?:le|len|la|lan)|molest(?:ia|ias|aba|o)|ador?lorid[oa]s?|punz(?:a|aba|adas?)|calambres?|matando|ardor|arde|me (?:lastima|lastimo|lastimaba))\b"
    ),
    Barrier.NOT_SURE: re.compile(
        r"\b(?:(?:not|wasn'?t|isn'?t|never|un) ?(?:really |so |too |quite |very )?(?:sure|clear|certain)|unsure|unclear|confus(?:e|es|ed|ing|ion)|no idea|lost track of (?:which|what)"
        r"|(?:don'?t|didn'?t|do not|did not|can'?t) (?:really |quite |fully |even )?(?:know|remember|understand|get|recall) (?:how|which|what|if|the (?:exercises?|moves?|instructions?|steps?))"
        r"|how (?:do|to|should)|(?:can'?t|couldn'?t) (?:figure|work) (?:it |them )?out|(?:can'?t|couldn'?t) (?:figure|tell|understand)|figure out|doing (?:it|them|this) (?:right|wrong|correctly)|(?:right|wrong) way|instructions?|technique|need(?:ed)? (?:to see|someone to show|help with how)"
        r"|no (?:se|sabia|supe|entiendo|entendi|le entiendo|estoy segur[oa]|estaba segur[oa]|tengo claro|tenia claro)(?: (?:bien|muy|como|cual|cuales|que|si|los|hacer\w*))+"
        r"|no (?:me acuerdo|recuerdo) (?:como|cual|cuales)|no (?:entiendo|entendi|le entiendo)|duda(?:s|ba)?|confund\w*|confus[oa]|insegur[oa]|(?:lo|los) (?:hago|estoy haciendo) (?:bien|mal))\b"
    ),
    Barrier.FORGOT: re.compile(
        r"\b(?:for?g[eo]t\w*|fogot|frogot|slip(?:s|ped) my mind|cross(?:ed)? my mind|spaced (?:it|out|on)|(?:don'?t|didn'?t|can'?t|couldn'?t|never|not) (?:ever |always |even )?(?:remember(?:ed)?|think of it|think about it)|out of my (?:head|mind)|memory|absent ?minded|remember(?:ing)? to"
        r"|ol[vb]id\w*|se me (?:pasa|paso|fue|va)(?: la onda| de la mente| el avion)?|no (?:me |se )(?:acorde|acuerdo|acordaba|acuerda)|memoria|despiste|despistad[oa])\b"
    ),
    Barrier.BORING: re.compile(
        r"\b(?:bor(?:ed|ing|edom|in|eing)|tedious|dull|monoton\w*|repetitive|same (?:old|thing)|(?:no|not|lack of|lost|zero|low|un) ?(?:motivat\w*|interest(?:ed)?)|motivation|lazy|laziness|(?:can'?t|couldn'?t) be (?:bothered|arsed)|(?:didn'?t|don'?t) feel like(?: it)?|not (?:much )?fun|no fun|procrastinat\w*|meh|sick of (?:it|them)|hate (?:it|them|doing)|put(?:s)? me to sleep|snooze ?fest"
        r"|aburr\w*|fastidi\w*|cansa(?:n|do|da)? de lo mismo|flojera|pereza|hueva|flo(?:jo|ja)|ganas|desmotivad[oa]|(?:sin|cero|falta de|poca) (?:motivacion|animos?|interes)|repetitiv[oa]s?|monoton[oa]s?|siempre lo mismo)\b"
    ),
    Barrier.TIME: re.compile(
        r"\b(?:time|busy|bussy|bizzy|rushed|hectic|swamped|slammed|work(?:ing|ed)?|overtime|double shifts?|shifts?|deadlines?|schedule|travel\w*|(?:on|away) (?:the road|a trip|on business)|kids?|children|the baby|school|exams?|moving house|too much (?:on|to do|going on)|crazy week|long (?:days|hours)|late (?:home|nights?)|(?:sec|second|minute|moment) (?:to|free|for)|free (?:sec|second|minute|moment)|(?:a|one) (?:sec|second|minute|moment)$"
        r"|tiempo|ocupad[oa]s?|trabaj\w*|chamba|jale|horario|turnos?|prisas?|apurad[oa]|viaj\w*|ninos?|hij[oa]s?|bebe|escuela|examenes|mucho que hacer|ajetread[oa]|ratito|rato|chance|corriendo)\b"
    ),
}
# "What time is it on Tuesday?" is for a person.
ASKS = re.compile(
    r"^(?:what|when|where|who|can|could|may|do|does|is|are|que hora|a que hora|cuando|donde|quien|puedo|puede)\b"
)
OTHER = re.compile(
    r"^(?:\W*(?:it was|it'?s|fue|es|the|la|el|an|por))*\W*(?:other|others|another(?: reason)?|something else|other reasons?|otr[oa]s?(?: cosas?| razon| razones| motivos?)?|algo mas)\b"
)


def barrier_in(text: str) -> Barrier | None:
    """What `text` says got in the way; None: it does not say, says two things that do not agree, or
    says too much for one answer.
    """
    words = bare(plain(text[: LONGEST + 1]))
    if not words or len(text) > LONGEST or ASKS.match(words):
        return None
    named = _named(DENIED.sub(" ", words))
    numbers = [list(Barrier)[digit - 1] for digit in _numbers(DENIED.sub(" ", words))]
    if Barrier.PAIN in {*numbers, named}:
        return Barrier.PAIN
    if not numbers:
        return Barrier.OTHER if OTHER.search(words) else named
    agrees = named is None or numbers[0] in {named, Barrier.OTHER}
    return numbers[0] if agrees else None


def _numbers(words: str) -> list[int]:
    """The choices that are typed, or the one in words in front."""
    alone = IN_WORDS.match(words)
    word = alone["word"] if alone else ""
    told = PLACE.get(word) or int(NUMBERS.get(word, 0))
    typed = [int(digit) for digit in NUMBER.findall(words)]
    return typed or ([told] if 1 <= told <= len(Barrier) else [])


def _named(words: str) -> Barrier | None:
    """Pain, or what is named first."""
    places = {
        what: match.start() for what, pattern in WORDS.items() if (match := pattern.search(words))
    }
    if Barrier.PAIN in places:
        return Barrier.PAIN
    return min(places, key=lambda what: places[what], default=None)
