"""A number that a text begins or ends with, beside a remark of whatever words. Pure, linear.

Asked for a number, people write it first and then what they want to say: "8 danced at my niece's
wedding", "9 I mowed 3 acres yesterday"; or last: "Been up since 4 for work. 5". The number answers unless
it counts what follows, is compared, wished for or taken back. English and Spanish count in the plural,
so that behind 2 to 10 a noun in the singular is not counted.
"""

from __future__ import annotations

import re

from notifications.incoming.parsing.plain import value_of
from notifications.incoming.parsing.standing import HOMOPHONES, OTHERWISE
from notifications.incoming.parsing.vocabulary import TAKEN_BACK, words_of

FIRST = re.compile(r"^\W*(?P<number>w?\d{1,2})(?![\d/:.,%-]*\d)(?P<stop>[.!;,]*) +(?P<rest>\S.*)$")
LAST = re.compile(
    r"^(?P<rest>.*[^\d\W]\W*)(?:[.!?;,]+|\b(?:so|por eso|asi que|entonces)) *(?:(?:an?|un|its an?|still|sigue en|sigo en|como|por eso|so|pues|bueno|y) )?(?P<number>w?\d{1,2})(?: (?:nomas|today|hoy|again|please|por favor|gracias|thanks))?\W*$"
)
# "5 no wait 4", "33 sorry fat fingers, 3".
CORRECTED = re.compile(
    r"^\W*(?:w?\d{1,3}|o)\W+(?:(?:no+|oops|ups|sorry|wait|i|mean|meant|perdon|digo|quise|decir|poner|me|equivoque|es|era|correction|actually|scratch|that|make|it|typo|fat|fingers?|thumbs?|se fue el dedo|should|be|bueno|mejor|put|ponga|ponle|pensandolo|bien|the|an?|un)\W+){1,6}(?P<number>w?\d{1,2})(?: (?:sorry|perdon)\b[^\d]*)?\W*$"
)
MARKS_A_SLIP = re.compile(
    r"\b(?:oops|ups|sorry|wait|mean|meant|perdon|digo|quise|equivoque|correction|actually|scratch|typo|make that|fat fingers?|pensandolo|no no|no,? (?:mejor|mas bien|like|its|it's|es))\b"
)
# Words behind a number that are neither a noun nor before one.
BEGINS_A_TALE = re.compile(
    r"(?:(?:i|we)(?:'?ve|'?d)? (?!did\b|do\b|skip|could|can\b|missed|need|have\b|want|finish|think)|(?:my|the|this|these|that|those|el|la|los|las|mi|mis|este|esta|esto|esos?|esas?|su|tu) (?:\w+ ){2}"
    r"|and (?:i|im|i'm|my|it|its|it's|nobody|no one|honestly|that|thats|still|the|we|some|they|you|do|does|is|can|when|what|why|did|still)\b|y (?:yo|me|no|ya|eso|sin|ni|sigo|nadie|mi|se|dije|todavia|aun|estoy|tengo|cuando|que|como)\b"
    r"|(?:do|does|can|could|is it|are|when|what|how|why|who|should|will) (?:i|we|you|yall|they|it|someone|somebody|there|is|do|can|should|many|much|long|about)\b|(?:even|always|again|still|just|only|now|not|nothing|never) \w+ (?:\w+ ?)"
    r"|(?:se|me|te|le|nos|ya|no|con|por|en|sin|para|como|cuando|porque|que|si|ahorita|siempre|tampoco) \w+ ?(?:\w+)?|(?:like|with|after|because|since|when|but|though|from|on|at|despite|without|during|in) (?:a|an|the|my|all|no|these|this|every|walking|standing|both)\b)"
)
FUNCTION = words_of(
    "a an the my your his her their our this that these those i we you he she it they me us "
    "them im ive id and or but nor so if unless to of in on at by for from with without about "
    "into over under between than then when while before after until till is are was were be "
    "been am do does did done have has had will would can could should may might must not no "
    "never more less most least other another each every per all both half out up down off "
    "left total plus minus times x or still so far el la los las un una unos unas mi mis tu "
    "su sus este esta esto estos estas ese esa eso yo ella ellos nos me te se le lo les y o u "
    "ni pero si de del en con sin por para que como cuando porque hasta desde entre es son "
    "era fue ser estar esta estan estaba hay ha he han mas menos otro otra otros cada todo "
    "toda todos medio media ya no nunca solo "
)
# Counted in the singular too, or by their sign.
UNITS = words_of(
    "bed bath bdrm bedroom advil tylenol aleve ibuprofen am pm oclock o'clock mg ml km kg lb "
    "lbs ft cm mm mph percent hundred thousand million mil dozen min mins sec secs hr hrs yr "
    "yrs wk wks mo day week month year hour minute second mile pound inch foot feet star pack "
    "story bedroom way piece course lane page point person people men women children kids "
    "mice teeth time speed step set rep round part point pill dose cup glass bottle beer "
    "dollar buck gallon liter degree block lap flight dia semana mes hora minuto segundo vez "
    "vuelta serie paso kilo libra metro litro pastilla peso cuadra persona gente "
)
NO_PLURALS = words_of(
    "is was this his its as us yes plus thus gas bus boss less pass miss loss cross dress "
    "class glass grass mess stress press guess bless unless across always perhaps besides "
    "does has goes says feels hurts aches gets takes makes keeps seems looks stays comes "
    "gives burns throbs stings wears helps lasts starts stops needs wants likes thanks pls "
    "yes jesus christmas tennis arthritis fasciitis diabetes news despues antes entonces "
    "ademas apenas pues quizas mas menos tres dos seis dios gracias adios lunes martes "
    "miercoles jueves viernes es eres somos estamos vamos tenemos jamas atras detras encima "
    "tras a veces anduve anoche whats thats hes shes lets "
)
# What right behind a number makes it something else than an answer.
SPOILT = re.compile(
    r"^(?:if|unless|or|to|minus|plus|times|x|than|would|could|should|might|was|were|used|is the|is a|is that|is bad|is normal|is good|are|means?|es (?:mucho|malo|normal|el)|significa|si|o|a|better|worse|less|more|mejor|peor"
    r"|done|left|down|of|out|each|per|go|so far|hopefully|ojala|maybe|quizas|tal vez|yesterday|ayer|anoche|last|ago|before|antes|tomorrow|next|and (?:a|rising|then|change|counting|more|up|over)|y (?:medio|media|pico|algo)"
    r"|in the (?:morning|evening|afternoon)|at (?:night|noon)|still (?:left|to|waiting)|with (?:dr|weights?|rest|the band|maria)|first|hundred|today with|point|percent|degrees|\w+ ?\?|\w+ \w+ ?\?)\b"
)
# Nobody who adds these has decided.
LEFT_OPEN = re.compile(r"\b(?:maybe \d|or so|o mas)\b")
# Another number that rates: then somebody has to choose.
RATES_TOO = re.compile(
    r"\b(?:an?|un|is|was|its|it's|at|now|then|like|como|fue|era|es|after|later|luego|despues|ahorita|ya|and|y|or|o|to|a|but|pero|other|otro|one|left|right|izquierdo|derecho|back|knee|headache|rodilla|maybe)(?: (?:ya|again|again,|como|about|maybe|around|only|just|un|an?))* w?\d{1,2}(?= ?(?:$|[.,;!?)]|(?:today|now|after|later|by|once|hoy|ahora|but|pero|and|y|or|o|again|too|tambien|then|luego|with|con|without|el|la|los|las|the|my|mi|en|in|on|caminando|walking|sitting|sentado|parad[oa])\b))"
    r"|(?:^|[.,;!?] ?)w?\d{1,2}(?= ?(?:$|[.,;!?]))"
)
# What "too", "for" and "ate" (`HOMOPHONES`) have behind them is no verb of the past.
PAST = re.compile(
    r"^[a-z]{2,}ed$|^(?:went|woke|slept|took|had|felt|got|stood|ran|came|kept|made|overdid|hobbling|limping|walking|like|takes|hurts|chased|even)$"
)
LONGEST_REST = 40


def leads(typed: str) -> int | None:
    """The number that `typed` begins with, if it answers; None: it may be something else."""
    match = FIRST.match(typed)
    if match is None or _is_open(typed):
        return None
    number, rest = value_of(match["number"]), match["rest"].strip()
    is_other = (
        RATES_TOO.search(rest)
        or _may_rate(rest)
        or MARKS_A_SLIP.search(rest)
        or re.match(r"\W*w?\d", rest)
    )
    if number is None or is_other or len(rest.split()) > LONGEST_REST:
        return None
    if match["stop"]:
        is_tale = len(rest.split()) > 2 and not _is_plural(rest.split()[0].strip(".,!"))
        return number if is_tale and (match["stop"] != "," or not SPOILT.match(rest)) else None
    return number if _is_no_count(number, rest) else None


def ends(typed: str) -> int | None:
    """The number that `typed` ends with behind a stop, if it answers."""
    corrected = CORRECTED.match(typed)
    if corrected and MARKS_A_SLIP.search(typed):
        return value_of(corrected["number"])
    match = LAST.match(typed)
    if match is None or _is_open(typed) or "?" in typed:
        return None
    rest = match["rest"].strip(" .,;!")
    if len(rest.split()) < 3 or re.search(r"\d", OTHERWISE.sub(" ", rest)):
        return None
    if RATES_TOO.search(rest) or MARKS_A_SLIP.search(rest) or SAYS_WHOSE.search(rest):
        return None
    return value_of(match["number"])


# "My husband's knee, 8", "3 sets, 10", "call me, 4": the last number is of what is named.
SAYS_WHOSE = re.compile(
    r"\b(?:husband|wife|son|daughter|mom|mum|mother|dad|father|sets|reps|series|repeticiones|room|apt|apartment|page|service|program|app|great|love|thanks|advil|tylenol|ibuprofen|exercise|step|number|call|appointment|appt|cita|between|from|entre|pain free|goal|want|hope|wish|would|if|yesterday|ayer|last|other|otro|espos[oa]|mama|papa|hij[oa])\b"
)


def _is_open(typed: str) -> bool:
    return bool(TAKEN_BACK.search(typed) or LEFT_OPEN.search(typed))


def _may_rate(rest: str) -> bool:
    """Whether a number of the remark counts nothing that is named."""
    left = OTHERWISE.sub(" ", rest)
    behind = re.findall(r"\d+[^\d\w]*([a-z']*)", left)
    return any(not word or word in FUNCTION for word in behind)


def _is_plural(word: str) -> bool:
    is_noun = word.endswith("s") and word not in NO_PLURALS and not word.endswith("ss")
    return word in UNITS or is_noun


def _is_no_count(number: int, rest: str) -> bool:
    """Whether `rest` directly behind `number` is not what it counts."""
    if SPOILT.match(rest):
        return False
    words = re.findall(r"[a-zñ']+|\d+", rest)
    if not words:
        return False
    if number in HOMOPHONES and not (PAST.match(words[0]) and len(words) > 1):
        return False
    if words[0] in FUNCTION:
        return BEGINS_A_TALE.match(rest) is not None
    for word in words[:3]:
        if word in FUNCTION:
            break
        if _is_plural(word):
            return False
    return len(words) > 1
