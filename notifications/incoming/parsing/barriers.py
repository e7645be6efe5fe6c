"""What got in the way, in a number or in words of both languages. Pure, linear.

Read only right after we asked: the same words mean other things elsewhere.
"""

from __future__ import annotations

import re

from exercises.rules.coaching import Barrier
from notifications.incoming.parsing.plain import NUMBERS, bare, plain

# A longer answer is a story: it is for a person, whatever it names.
LONGEST = 120
# What may stand before a choice: "good morning, it is number 3".
LEAD = r"(?:(?:hi|hello|hey|hola|ok|okay|well|pues|um|sorry|perdon|yes|si|and|y|o|or|so|number|num|option|(?:my )?answer|reply|reason|respuesta|mi respuesta|good (?:morning|evening|afternoon)|buen[oa]s? (?:dias?|tardes?|noches?)|going with|b/c of|because of|por|left(?: side)?|right(?: side)?|izquierd[oa]|derech[oa]|numero|opcion|la|el|los|it was|it is|it ?s|is|was|the|fue|es|era|creo que|i(?: would|'?d)? say|i think|mostly|mas bien|probably|maybe|definitely)[ .:]+)*"
# A choice begins its clause: not "took 2 tylenol", "2 of 7", "3 days", "2 kids", "3.5".
NUMBER = re.compile(
    rf"^\W*{LEAD}#? ?(?P<number>[1-6])\b(?![.,/:]\d)"
    r"(?! ?(?:/|(?:out )?of\b|de \d|days?|dias?|times?|veces|weeks?|semanas?|hours?|horas?|am|pm|mins?|minut\w*|kids?|ninos|hijos|(?:over ?time|double|long|extra) \w+|jobs?|shifts?|turnos?|trabajos?|years?|anos?|months?|meses|is wrong|isnt|is not|no es)\b)"
)
# "Lost the band so 6."
AT_THE_END = re.compile(
    r"\b(?:so|answer is|reply|respuesta(?: es)?|asi que|entonces)(?: el| la)? ([1-6])\W*$"
)
MORE = re.compile(r"^\W*(?:and|y|or|o|e|plus|tambien|also|,|/|&|\+)\W*([1-6])\b")
CLAUSES = re.compile(r"[.;!?\n]+\s*|,\s+(?=\D)|,\s*(?=\d)|\s-\s")
# A number in words is one only in front, with little behind it: "four. the same moves", no "that one".
IN_WORDS = re.compile(
    rf"^\W*{LEAD}(?P<word>[a-z]{{2,8}})(?=[.,:;!]| (?:please|thanks|thank|gracias|por|doctora?|haha|jaja\w*|lol|sorry)\b|$)"
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
    r"|\b(?:no more|less|menos|without|never any) (?:pain|dolor)\b|\b(?:pain|dolor|it|me) (?:went away|se fue|se quito|dejo de doler|duele menos|stopped)\b|\bmejor del? (?:dolor|dolores)\b|\bpain ?free\b"
    r"|\b(?:pain|dolor) (?:is|was|has been|got|esta|va) (?:so |a ?lot |much |way |far |mucho |muy )*(?:better|gone|ok|fine|less|mejor|bien)\b"
    r"|\b(?:my|mi|his|her|su) (?:wife|husband|son|daughter|mom|mother|dad|father|dog|cat|friend|neighbou?r|sister|brother|boss|esposa|esposo|marido|hijo|hija|mama|papa|perro|perra|gato|amig[oa]|vecin[oa]|herman[oa]|jef[ea])s?\b[^.]*"
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
# For a person, whatever else it names: questions, wishes, other matters, grief.
ASKS = re.compile(
    r"^(?:what|when|where|who|why|how|can|could|may|do|does|is|are|will|should|need|please|que hora|a que hora|cuando|donde|quien|como|puedo|puede|podria|necesito|quiero|por favor)\b"
    r"|\b(?:appointment|appt|reschedul\w*|cita|password|log ?in|sign ?in|contrasena|payment|bill|insurance|pago|seguro medico|factura|call me|text me|llame(?:me|nme)?|llama(?:me)?|different time|otra hora|you (?:are|re|counted)|wrong|equivoc\w*|conto mal"
    r"|depress\w*|deprimid[oa]|depresion|funeral|passed away|died|death|murio|fallecio|muerte|luto|cancer|hospital|surgery|operaron|cirugia|divorc\w*|suicid\w*)\b"
    r"|\b(?:i|ya|yo) (?:did|hice) (?:them )?(?:\w+ )?(?:\d|all|todos|mas|more)\b|^only \d"
)
OTHER = re.compile(
    r"^(?:\W*(?:it was|it'?s|fue|es|the|la|el|an|por))*\W*(?:other|others|another(?: reason)?|something else|other reasons?|otr[oa]s?(?: cosas?| razon| razones| motivos?)?|algo mas)\b"
)
# The words of the choices as we wrote them, and their nearest kin: a choice and nothing else.
CHOICES: dict[Barrier, re.Pattern[str]] = {
    Barrier.TIME: re.compile(r"(?:no |not enough |sin |falta de |no tuve |no tengo )?(?:time|tiempo)|busy|ocupad[oa]"),
    Barrier.PAIN: re.compile(r"(?:the |el )?(?:pain|dolor)|it hurts?|me duele|me dolia"),
    Barrier.FORGOT: re.compile(r"(?:i )?(?:just )?(?:forgot|forgetting)(?: about it| it)?|olvido|(?:se )?me olvid[oe]|se me olvido|lo olvide"),
    Barrier.BORING: re.compile(r"(?:it ?s |its |too |so )?bor(?:ing|ed)|(?:es |muy )*aburrid[oa]|me aburre"),
    Barrier.NOT_SURE: re.compile(r"(?:i m |im |i am )?(?:not sure|unsure)(?: how)?|dudas?|no se como|no estoy segur[oa]"),
    Barrier.OTHER: re.compile(r"other|something else|otra(?: cosa)?|otro(?: motivo)?"),
}  # fmt: skip  # a table
COURTESY = re.compile(
    r"^\W*(?:(?:ok|okay|hi|hello|sorry|perdon|no|actually|i mean|hola)\W+)*|\W+(?:please|thanks|thank you|gracias|por favor|sorry|doctora?)\W*$"
)


def barrier_in(text: str) -> Barrier | None:
    """What `text` says got in the way; None: it does not say, says what does not agree, or says too
    much for one answer. Of several numbers pain, else the first.
    """
    if len(text) > LONGEST:
        return None
    words = bare(plain(text))
    if (choice := chosen(text)) is not None:
        return choice
    told = DENIED.sub(" ", words)
    named = _named(told)
    numbers = [list(Barrier)[number - 1] for number in _numbers(told)]
    if ASKS.search(words) and not numbers:
        return None
    if Barrier.PAIN in {*numbers, named}:
        return Barrier.PAIN
    if not numbers:
        return Barrier.OTHER if OTHER.search(words) else named
    agrees = named is None or numbers[0] in {named, Barrier.OTHER}
    return numbers[0] if agrees else None


def chosen(text: str) -> Barrier | None:
    """The choice that is all `text` says: its number, its words, or both; None: it says more, or
    something else.
    """
    if len(text) > LONGEST:
        return None  # what stands behind would go unread
    words = bare(COURTESY.sub("", bare(plain(text))))
    match = NUMBER.match(words)
    rest = bare(words[match.end() :]) if match else words
    named = next((what for what, form in CHOICES.items() if form.fullmatch(rest)), None)
    if match is None:
        return named
    number = list(Barrier)[int(match["number"]) - 1]
    return number if not rest or named == number else None


def _numbers(words: str) -> list[int]:
    """The choices that begin a clause, or the one in words in front."""
    typed: list[int] = []
    for clause in CLAUSES.split(words):
        match = NUMBER.match(clause)
        if match:
            typed.append(int(match["number"]))
            more = MORE.match(clause[match.end() :])
            typed += [int(more[1])] if more else []
        elif last := AT_THE_END.search(clause):
            typed.append(int(last[1]))
    alone = IN_WORDS.match(words)
    word = alone["word"] if alone else ""
    told = PLACE.get(word) or int(NUMBERS.get(word, 0))
    return typed or ([told] if 1 <= told <= len(Barrier) else [])


def _named(words: str) -> Barrier | None:
    """Pain, or what is named first."""
    found = {what: pattern.search(words) for what, pattern in WORDS.items()}
    places = {what: match.start() for what, match in found.items() if match}
    if Barrier.PAIN in places:
        return Barrier.PAIN
    return min(places, key=lambda what: places[what], default=None)


def says_all(text: str) -> bool:
    """Whether nothing stands beside the answer that a person should read: each clause names a
    barrier, is a choice, or is courtesy.
    """
    clauses = [bare(part) for part in CLAUSES.split(plain(text)) if bare(part)]
    return all(
        (NUMBER.match(part) and len(part.split()) <= MOST_WORDS)
        or _named(part) is not None
        or len(COURTESY.sub("", part)) <= 1
        or GREETING.fullmatch(part) is not None
        for part in clauses
    )


# "2 my shoulder" is said by its number; "1 im moving to texas" is more.
MOST_WORDS = 3
GREETING = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|evening|afternoon|night)|thanks?|thank you|sorry|ok|okay|hola|buen[oa]s? (?:dias?|tardes?|noches?)|gracias|perdon|dios (?:la|lo|los) bendiga|haha|lol|jaja\w*|doctora?|this is \w+|soy (?:\w+ )?\w+|please|por favor|i will do better|lo siento|mil disculpas)\W*)+"
)
