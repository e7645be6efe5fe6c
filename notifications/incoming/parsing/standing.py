"""A number that stands where an answer stands, among words that no vocabulary foresees. Pure, linear.

`scores` takes a number when it knows every word around it. People say more than that: "a measly 2",
"8 had to hold on to the wall". Here the joints of the language decide, which are few and closed: what
leads to a rating ("it's a", "says", "go with a"), what may follow one ("but", "since", "nearly"), and
what makes a number of something else (a noun behind it, a verb of counting before it, another day,
another person, a wish). Whatever is in none of these lists asks.
"""

from __future__ import annotations

import re

from notifications.incoming.parsing import vocabulary
from notifications.incoming.parsing.plain import value_of

# Directly before a number that rates something.
LEADS = re.compile(
    r"(?:^|\b(?:a|an|pain (?:is|was|level) at|the answer is|pain (?:is |was |level )?at|at an?|about|abt|bout|'bout|around|round|roughly|approx|maybe|prob|probably|perhaps|only|just|still|even"
    r"|its|it's|thats|that's|todays|today's|is|it is|be|call it|say|saying|says|reckon|rate it|rating|give it|giving it|put it|go|go with|going with|with"
    r"|score|scores|scale|lvl|level|pain|pains|ache|paining|hurting|having|got|gotta be|must be|have to be|feels|feel|more like|like|now|today|morning"
    r"|h+m+|u+h*m+|oo+ps|ok+|w+e+l+l+|a+h+|o+h+|no wait|wait|full|solid|strong|hard|easily|easy|definitely|honestly"
    r"|un|una|como|es|esta|digo|dice|pongo|puse|creo|diria|tipo|casi|nivel|dolor))$"
)
# "A measly 2", "a hard 7": an adjective may stand between.
ARTICLE_AND_WORD = re.compile(r"\b(?:an?|un|una) ([a-z']+)$")
# What an article and a noun before a number name: sizes, lists, places.
NAMES_A_THING = vocabulary.words_of(
    "size type grade class top group table room phase stage week day page step number no bus "
    "route gate floor lane unit level exercise question option part apartment apt house "
    "channel window line chapter set rep round bottle pack couple few lot bit las los la el "
    "numero talla tipo grupo cuarto piso semana dia paso pregunta ejercicio parte par "
)
# Directly behind a rating.
FOLLOWS = re.compile(
    r"^(?:$|(?:today|now|rn|atm|currently|again|still|tonight|this (?:morn\w*|am|afternoon|evening)|right now|at the moment|most days"
    r"|pls|plz|please|thanks|thank|thx|cheers|ta|mate|sir|madam|ma'?am|mam|miss|doc|doctor|dr|dear|love|luv|buddy|bud|pal|x+|lol|haha+|po|opo|salamat|sana"
    r"|but|tho|though|although|because|cuz|cause|coz|cos|bc|since|after|before (?:coffee|breakfast|the first)|when|while|whenever|from me|for me|for sure|for now|out of bed|getting|only|alone|period|full stop|like [a-z]+ing|(?:a )?(?:bit|little|touch|tad) (?:stiff|sore|tender|better|worse|tight|achy)"
    r"|and (?:thank|it|i|that|my|still|change|a half hour)|as usual|as always|as ever|like (?:yesterday|always|before)|with(?: the| my)? (?:first|shoes|limp)"
    r"|had to|have to|had|couldn'?t|can'?t|cannot|could (?:barely|hardly)|nearly|almost|barely|hardly|really|pretty|very|quite|rather|so bad|pain|dolor|would be (?:fair|about right|right|accurate)|worst|awful|terrible|horrible|bad|ouch|ow|ugh"
    r"|unfortunately|sadly|luckily|thankfully|honestly|easily|definitely|easy|give or take|ish|[a-z]{3,}ly|woke|limped|limping|hobbl\w+|struggl\w+|crying|cried|hurts|hurting|felt|feels|feeling"
    r"|i (?:think|guess|reckon|suppose|believe|hope|swear)|im|i'?m|i am|i was|i had|i would|id say"
    r"|hoy|ahora|ahorita|esta (?:manana|tarde|noche)|gracias|por favor|porfa|doctora|senora|pero|porque|desde|despues|cuando|aunque|todavia|otra vez|igual que|no (?:pude|puedo)|casi|apenas|mas o menos|vale|como (?:ayer|siempre|antes)|ni bien ni mal|casi ni|mi amor|nene|mijo|y eso|creo|y (?:me|no|ya|el|la)"
    r")\b)"
)
# Anywhere in the same piece: the number counts, is of another day or person, or is wished for.
SPOILS = re.compile(
    r"\b(?:yesterday|ayer|anoche|last|ago|past|used to|usually|normally|always|never|most|before (?!coffee|breakfast|the first)|until|till|earlier|other|another"
    r"|tomorrow|next|hope\w*|hoping|wish\w*|kill for|love|dream\w*|started|began|start with|begin with|initially|first (?:came|saw|told)|all|want\w*|goal|aim\w*|target|should|could be|would be(?! (?:fair|about right|right|accurate))|would have|wouldn'?t|if|unless|expect\w*|supposed|might"
    r"|not|isn'?t|wasn'?t|aren'?t|don'?t|didn'?t|doesn'?t|won'?t|never|no longer|except|than|from(?! me)|between|minus|plus|times|half|or|instead"
    r"|he|she|they|his|her|their|you|your|yours|we|our|husband|wife|son|daughter|mom|mum|mother|dad|father|kids?|boy|girl|friend|neighbou?r|doctor said|dog|cat|baby|partner|sister|brother|boss|nurse"
    r"|did|do|done|doing|took|take|taken|taking|walked|walk|walking|ran|run|slept|sleep|waited|wait(?!,)|missed|miss|skipped|skip|drank|ate|eat|bought|paid|lost|gained|weigh\w*|lifted|held|hold(?! on)|held|stood|sat|drove|wore|wear|worn|counted|finished|rolled|stretched|iced"
    r"|work(?:s|ed|ing)? (?:at|from|until)|starts? at|ends? at|open|opens|closes|arriv\w*|leav\w*|meet\w*|appointment|appt|clock|alarm|bed at|up at|wake up at|call\w*|phone|text\w*|messag\w*|visit\w*|exercises?|stretch\w*|reps?|sets?|splint|pills?|tablets?|mg|ibuprofen|advil|tylenol|aleve|paracetamol|insurance|bill|price|cost\w*|service|program\w*|app|video|clinic|staff|stars?|effort|motivation|mood|sleep|stress|energy|recommend|great job|old|age|years?|months?|weeks?|days?(?! today)|hours?|minutes?|mins?|miles?|km|steps(?! today)|blocks?|pounds?|lbs|kilos?|kg|stone"
    r"|pasad[oa]|antes|manana(?! hoy)|siempre|nunca|quiero|quisiera|ojala|meta|si|el|ella|ellos|su|sus|mi (?:espos[oa]|hij[oa]|mama|papa|herman[oa])|hice|hago|tome|tomo|camine|dormi|espere|falte|pastillas?|horas?|minutos?|dias?|semanas?|meses|anos?|veces|cuadras|kilos|libras|cita|ejercicios?|series?|repeticiones|ferula|o|entre|que)\b"
)
# Sounds like "too", "for", "ate", "won": these need more than a word that may follow.
HOMOPHONES = frozenset({1, 2, 4, 8})
STANDS_BARE = re.compile(
    r"(?:still|again|only|(?:a )?bit .*|(?:barely|hardly) .*|this (?:morning|am)|(?:had|have) to .*|pls.*|please|cheers|mate|sir|nearly .*|almost .*|worst .*|awful.*|[a-z]{3,}ly)?"
)
# "Un 7 largo", "un cinco raspado".
A_SHADE = re.compile(
    r"(?!(?:por|de|hora|minuto|dia|mes|kilo|litro|metro|paso|set|vez|estrella|y|o|a|para|que)\b)[a-z]+(?<!s)(?: (?:nene|mano|jaja\w*|gracias|doctora?|mija|parce\w*))?"
)
# Behind these a reason is told, and any word may be in it.
REASON = re.compile(r"^(?:because|cuz|cause|coz|cos|bc|since|porque|xq|pq)\b.*$")
# "A 2" is no "to".
HAS_ARTICLE = re.compile(r"\b(?:an?|un|lvl|level|scale|only|just|maybe|still)$|\bpain")
KNOWN = vocabulary.AROUND_A_SCORE | vocabulary.words_of(
    "a an had got gotta have having must more than usual with thats todays paining ache oops "
    "hmm bout abt lvl reckon definitely wait easy hard bloody full says say said numbers "
    "scores "
)
SOUND = re.compile(r"h*m+|u+h*m*|o+h*|a+h*|e+h*m*|o+ps|w+e+l+")
LONGEST_AFTER = 14


def stands(number: int, before: str, after: str, *, is_on_scale: bool) -> bool:
    """Whether `number`, with these words of its own clause around it, can only be an answer.

    `is_on_scale`: it was written as "7/10" or "7 out of 10", which counts nothing else.
    """
    lead, follow = before.strip(" '"), REASON.sub("because", after.strip(" '"))
    if SPOILS.search(lead) or SPOILS.search(follow) or not _is_led(lead):
        return False
    if is_on_scale or len(follow.split()) > LONGEST_AFTER:
        return is_on_scale
    is_shaded = lead.endswith("un") and A_SHADE.fullmatch(follow) is not None
    if not (FOLLOWS.match(follow) or is_shaded):
        return False
    # "4 this morning" alone answers; "4 this morning I stretched" is "for".
    is_no_homophone = number not in HOMOPHONES or HAS_ARTICLE.search(lead) is not None
    return is_no_homophone or STANDS_BARE.fullmatch(follow) is not None


def _is_led(lead: str) -> bool:
    """Whether `lead` ends as what leads to a rating, of words that are known but for an adjective."""
    described = ARTICLE_AND_WORD.search(lead)
    if described and described[1] not in NAMES_A_THING:
        lead = lead[: described.start(1)].strip()
    elif not LEADS.search(lead):
        return False
    words = [word.replace("'", "") for word in re.findall(r"[a-z'ñ]+", lead)]
    return all(word in KNOWN or SOUND.fullmatch(word) for word in words)


# An explicit label: whatever else the text counts, this number is the pain.
SAYS_PAIN = re.compile(
    r"\b(?:pain|dolor|first steps?|primeros? pasos?)(?: (?:this|today|in|the|morning|level|score|scale|hoy|esta|manana|la|al|inicial)){0,4}"
    r" ?(?:is|was|=|:|at|rated(?: at)?|about|around|es|fue|era|esta en|de|of)?(?: (?:about|around|rated|at|maybe|an?|un|como)){0,3} ?(?P<number>w?\d{1,2})(?![\d/:.,-]*\d)(?P<after>[^.,;!?]*)"
)
NO_PAIN_HERE = re.compile(r"\b(?:no|without|sin|not|when|if|cuando|si|other|back|knee|hip)$")
# An answer, a full stop, and a tale of whatever.
FIRST_A_SENTENCE = re.compile(
    r"^(?:an? |un |hoy (?:un )?|today |its |it's )?(?P<number>w?\d{1,2})(?: today| hoy| this morning| esta manana| now)? ?[.!]+ (?P<tale>\D.*)$"
)
TURNS_BACK = re.compile(
    r"\b(?:no|not|wait|sorry|meant|mean|actually|correction|oops|perdon|digo|quise|or|o|maybe|but|then|later|after|now|left|right|jk|kidding|mas|menos|pero|luego|despues|ahora)\b"
)
A_LIST = re.compile(
    r"^(?:\w+ ){0,2}(?:stretch\w*|raises?|towel|ball|band|splint|roll\w*|curls?|exercises?|ejercicios?|sets?|reps?)\b"
)


def answer_first(typed: str) -> int | None:
    """The number of a first sentence that answers, whatever is told behind it; None: there is none."""
    match = FIRST_A_SENTENCE.match(typed)
    if match is None or not re.search(r"\d", match["tale"]):
        return None
    tale = OTHERWISE.sub(" ", match["tale"])
    turns = TURNS_BACK.search(tale) or A_LIST.match(tale) or re.search(r"\d", tale)
    return None if turns else value_of(match["number"])


CLAUSE_END = re.compile(r"[.,;!?]")
# Numbers that are something else by what stands at them: a time, a count of things.
OTHERWISE = re.compile(
    r"\b(?:since|desde|until|hasta|till|by|before|quarter to|half past) (?:las? )?w?\d{1,2}\b|[$#]\d+|\b(?:\d{3,}|1[1-9]|[2-9]\d)\b|\bw?\d{1,2}x\b|"
    r"\b(?:yesterday|ayer|anteayer|antier|anoche|last (?:night|week|time)|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?: (?:was|fue|it was|an?|un|tuve|a))* w?\d{1,2}\b|\b\d+ ?mil\b"
    r"|\b\d{1,2}[:.]\d\d(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b|\b(?:at|las|around) w?\d{1,2}(?= (?:so|to|for|and|when|because)\b|$)"
    r"|\bw?\d{1,3} (?:(?!today|now|this|again)[a-z]+ )?(?!is\b|was\b|this\b|as\b|yes\b|plus\b|thanks\b|pls\b|always\b|has\b|us\b|perhaps\b|does\b|gracias\b|tres\b|dos\b|seis\b|mas\b|menos\b|despues\b|antes\b|entonces\b|ademas\b|apenas\b|pues\b|yes\b|afterwards\b|less\b|hurts\b|feels\b|goes\b|gets\b|aches\b|sometimes\b)[a-z]{2,}s\b"
    r"|\bw?\d{1,3} (?:mg|ibuprofen|advil|tylenol|aleve|paracetamol|hour|minute|mile|block|more day|min|hr|hrs|km|kilo|lb|year|month|week|day|time|cup|pill|set|rep)\b|\b\d{1,2}(?:st|nd|rd|th)\b"
)


def only_counts(piece: str) -> bool:
    """Whether every number of a clause behind an answer counts things or tells a time."""
    return not re.match(r"\W*w?\d", piece) and not re.search(r"\d", OTHERWISE.sub(" ", piece))


def labelled_pain(typed: str) -> int | None:
    """The one number that is called pain, where all others count something else; None: there is none."""
    matches = list(SAYS_PAIN.finditer(typed))
    if len(matches) != 1:
        return None
    match = matches[0]
    before = typed[: match.start()]
    clause = CLAUSE_END.split(before)[-1]
    rest = before + " ; " + typed[match.end("number") :]
    is_sure = (
        not NO_PAIN_HERE.search(before.strip())
        and not SPOILS_A_LABEL.search(f"{clause} {match[0]}")
        and FOLLOWS.match(match["after"].strip())
        and "?" not in typed[match.end("number") :]
        and re.search(r"\d", rest)
        and not re.search(r"\d", OTHERWISE.sub(" ", rest))
    )
    return value_of(match["number"]) if is_sure else None


# Of another day, person or wish; what follows a reason may be anything.
SPOILS_A_LABEL = re.compile(
    r"\b(?:yesterday|ayer|anoche|last|ago|used to|usually|before|was at|tomorrow|hop\w+|wish\w*|want\w*|goal|if|would|could|should|might|not|n't|never|than|until|till"
    r"|my (?:wife|husband|son|daughter|mom|mum|mother|dad|father|friend)|he|she|his|her|their|pasad[oa]|antes|siempre|nunca|quiero|ojala|si|no)\b"
)
