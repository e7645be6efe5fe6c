"""A pain score in a text: one number from 0 to 10 that can mean nothing else, or none. Pure, linear.

Numbers become typed first (a scale, a decimal, a range, a date); the text is cut into pieces; a
number counts when it is the only one, every word of its piece is in a closed vocabulary
(`vocabulary`), and no hazard holds. Each refusal has a reason (`Found.why`). A miss is mended by a
word in the vocabulary, not by a sentence here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications.incoming.parsing import vocabulary
from notifications.incoming.parsing.leading import ends, leads
from notifications.incoming.parsing.no_pain import no_pain, speaks_of_pain
from notifications.incoming.parsing.plain import NUMBER_WORD, NUMBERS, bare, value_of, with_digits
from notifications.incoming.parsing.standing import answer_first, labelled_pain, only_counts, stands

# "w4" is a number that was written as a word.
NUMBER = re.compile(r"w?\d+")
TYPED_MARK = re.compile(r"\bw(?=\d)")
TEN = r"w?10(?![\d/.,:]*\d)"
# "On a scale of 1 to 10": no number of the patient's.
SCALE_NAMED = re.compile(
    rf"\b(?:on |in |out of |from )?(?:a |the |una |la )?(?:scale|escala) ?(?:of |from |de |del )?w?[01] ?(?:to|-|a|al) ?{TEN}"
    rf"|\b(?:from |de |del )?w?[01] ?(?:to|-|a|al) ?{TEN}(?: scale)?"
    rf"|\b(?:on|in|en) (?:a|the|una|la) (?:scale|escala) (?:of|to|de) {TEN}"
)
# "4/10", "4 out of 10", "4 de 10": the scale is named, not a second number.
SCALE = re.compile(
    rf"(?<![\d/.,:-])(w?\d{{1,2}}) ?(?:/|out of|over|of|de|sobre|en una escala de|on a scale of|of a possible) ?{TEN}"
)
WHOLE = re.compile(r"(?<![\d.,])(w?\d{1,2})(?:[.,]0+(?!\d)| (?:point|punto) w?0\b)")
# The scale's ends, as our question explains them: "0 (none)", "10 (worst)".
ENDS = re.compile(r"(\d) ?\(? ?(?:none|nada|worst|lo peor|peor|no pain|sin dolor)\b ?\)?")
# A number inside these is no score: ranges, decimals, dates, times, signs, percent, counts.
ODD_NUMBER = re.compile(
    r"\d ?[-.,:/~] ?w?\d|[-+<>$€£~] ?w?\d|(?:^|\s)[.,] ?\d|\d ?[-+%<>$€]|\d(?!ish\b)[a-z]|\bhalf\b|\bmedio\b"
    r"|\bmedia\b|\? w?\d|\d ?\? ?\d|\bpoint\b|\bpunto\b"
)
PIECE = re.compile(
    r"[.,;:!?()\"]+(?=\s|$)|[()\"]|\b(?:but|pero|because|cuz|bc|porque|xq|pq|porq|porke|xke|although|though|aunque|however|then)\b"
    r"|\b(?:and|y)\b(?= (?:my|i|i'm|im|ive|its|it's|it|the|still|now|feeling|feel|hurts|today|yesterday|hoy|ayer"
    r"|eso q(?:ue)?\b|no|me|mi|ya|el|la|estoy|tengo|ahora|very|really|stiff|sore|throbbing|aching|achy|tender|painful|swollen|tired|did|took|walked|slept|went|had|have|amanec\w*|nomas|solo|un|ando|fue)\b)"
    r"|\b(?=me equivoque )|\b(?:so|entonces|asi que|o sea)\b(?= (?:an? |un )?w?\d{1,2}\W*$)"
    r"|(?=\b(?:hoy|today|ayer|yesterday) w?\d)"
)
# Behind a number these begin a remark, as if a comma stood there.
REMARK = re.compile(
    r"(?<=\d) (?=(?:no (?=swelling|fever|numbness|bleeding|chest|tingling|redness|fiebre|hinch)|sin (?=fiebre|hinch|sangr)|al (?:pisar|caminar|bajar|subir|apoyar|levantar)|cuando|when(?! (?:i )?(?:get|wake|woke))|with (?:the |my )?(?:splint|shoes|boots|inserts|orthotics|brace)|con (?:la |los |las )?(?:ferula|zapatos|plantillas)|a bit (?!better|worse|less|more)|un poco (?!mejor|peor|menos|mas)|i'm|im|i am|estoy|me duele|me dolio|still (?:hurts|sore|stiff|painful|hurting)|feels|feeling|hurts"
    r"|it (?:really |still |just )?hurts|it'?s bad|cant take|can't take|no puedo mas|worst ever|(?:in|on|en) (?:my|the|el|mi|la|both|ambos) (?:left |right )?(?:heels?|foot|feet|arch|ankle|toes?|knee|calf|leg|left|right|talon(?:es)?|pies?|rodilla|tobillo|arco)|it's (?:very|really|so|sore|stiff|killing|hurting)|its (?:very|really|sore|stiff|killing|hurting)|no aguanto"
    r"|ahi (?:vamos|voy|la llevamos|la llevo)|poco a poco|ya (?:me canse|estoy hart[oa]|no (?:cojeo|aguanto))|(?:el|la) (?:dolor|molestia)(?: (?:de|del|en) \w+(?: \w+)?)?$|la verdad\b|i (?:walked|slept|worked|ran|stood|woke|overdid|had to)|that (?:one )?hurt|duck that|damn|igual que|same as|peor que|with (?:a lot|some|sharp|stiffness|pain)|con (?:mucho|algo|dolor|rigidez))\b)"
)
REMARK_OF_BODY = re.compile(
    r"(?<=\d) (?=(?:my (?:heel|foot|feet|pain|toes?|arch|leg|knee|calf|ankle|first steps?)|mi (?:talon|pie|dolor|rodilla))\b)"
)
# An older number beside today's, or one that is taken back in the same breath.
OTHER_DAY = re.compile(
    r"\b(?:yesterday|ayer|anteayer|antier|antes de ayer|last (?:night|week|time|month)|anoche|before|antes|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo|used to|the other day|tomorrow|when (?:i|we) (?:started|began|first)|at the (?:start|beginning)|initially)\b"
)
COMPARED = re.compile(
    r"\b(?:(?:much|way|a lot|a bit|a little|slightly|mucho|un poco) (?:better|worse|less|more|mejor|peor|menos|mas)"
    r"|same|igual|lo mismo(?: de| que)?|como|like|better|worse|mejor|peor)(?: (?:as|than|que|q|k))? (?:yesterday|ayer|last (?:night|week)|before|antes|usual|normal|always|siempre)\b"
)
BETTER = re.compile(
    r"\d (?:points? )?(?:better|worse|less|more|mejor|peor|menos|mas|higher|lower)\b"
)
NOT_THIS = re.compile(r"\b(?:not|no) (?:an? |un )?w?\d+\b")
PUT = re.compile(
    r"\b(?:puse|escribi|mande|dije|i put|i said|i sent|i typed|i wrote|instead of|en vez de)\b"
)
NEVER_LED = re.compile(r"the number of a list|off the scale|a mark for|more or less")
# What a number that stands as an answer may still be refused for by its words alone.
OPEN = re.compile(r"“.*” beside|a count or a tale|a number in words before|“too”")
# "No wait, six": what is taken back was said before.
WAIT_FIRST = re.compile(r"^(?:no,? )?wait,? (?:no,? )?(?=w?\d)")
# A dash between a word and a number; between numbers it is a range, alone a minus.
DASH = re.compile(r"(?<=[a-z]) ?- (?=w?\d)|(?<=\d) - ?(?=[a-z])")
# "Down to 2 from 5", "went from 8 on Friday to a 6": the second number of a change is today's.
CHANGED = re.compile(
    r"(?<=\b(?:down|went|gone|from)) from (?:an? )?w?\d{1,2}(?: (?:on )?(?:yesterday|\w+day|last \w+))?(?= (?:down )?to (?:an? )?w?\d)"
    r"|(?<=\d[,.] )w?\d{1,2} (?:points? |puntos? )?(?:mas|menos|more|less|better|worse|lower|higher) (?:que|q|than) (?:ayer|yesterday|before|antes|la semana pasada|last week)"
    r"|(?<=\d) (?:up |down )?from (?:an? )?w?\d{1,2}(?: (?:on )?(?:yesterday|\w+day|last \w+))?(?=$|[ .,!;])"
)
# "Ten ten ten": twice may be two feet.
OVER_AND_OVER = re.compile(r"(w?(?:10|\d))(?: \1){2,5}")
# "Six (6)".
TWICE = re.compile(r"\bw(\d{1,2}) \1\b")
# An hour or a length of time beside an answer.
BESIDE = re.compile(
    r"\b(?:a|son|eran|desde|hasta|tipo) las? w?\d{1,2}\b(?:[:.]\d\d)?(?: ?[ap]m| y (?:media|cuarto|pico)| de la (?:manana|tarde|noche|madrugada))?"
    r"|\b(?:up|woke|awake|bed) (?:me )?(?:up )?at w?\d{1,2}\b(?:[:.]\d\d)?(?: ?[ap]m)?"
    r"|\b(?:despues de|desde hace|hace|llevo|durante|after|for|since)(?: \w+)? w?\d{1,3} (?:dias?|semanas?|mes(?:es)?|anos?|horas?|minutos?|days?|weeks?|months?|years?|hours?|minutes?|mins?)\b"
)
BEGAN = re.compile(r"\b(?:when|since) (?:i|we) (?:first )?(?:started|began|came|joined)\b")
# What is left of a sentence in front, which is no decimal point.
NO_POINT = re.compile(r"^\.[ ;]+")
SOLO = re.compile(r"\b(?:nada mas|no mas)\b")
CORRECTS = re.compile(
    r"\b(?:i (?:meant|mean)|meant|sorry|perdon|oops|correction|correccion|corrijo|actually|change|cambi\w+|should be|debe ser"
    r"|quise decir|me equivoque|wrong|error|mistake|not an?)\b|^no\b|\*"
)
OR_LESS = re.compile(r"\b(?:more or less|mas o menos)\b")
# 2, 4 and 8 stand for "too", "for" and "ate"; what follows tells.
LIKE_TO_AND_FOR = re.compile(
    r"^(?:me|my|the|it|that|this|you|u|your|him|her|us|them|be|go|do|see|get|walk|a|an|sure|real|now|ever|sore|stiff|tired|weak"
    r"|hard|painful|late|early|long|soon|many|much|little|busy|bad|so|very|far|still|breakfast|lunch|dinner)\b(?! better)"
)
OK_FOR = re.compile(
    r"\b(?:ok|okay|good|sounds good|fine|thanks|up|ready) 4 (?:now|today|tonight|this|the|me)\b"
)
AN_HOUR = re.compile(
    r"\b(?:it'?s|its|was|is|be|come|see you|up|awake|woke|home|work|out|back|bed|shift|starts?|ask me|appointment|meet|until|till|by|after|before) at$|^at$"
)
FOR_SOMEBODY = re.compile(
    r"^(?:para|for) (?:la|el|los|las|the|your|you|ustedes|usted|su|all)\b(?! (?:pain|dolor|heel|foot|pie|talon|left|right|first|primer))"
)
A_DATE = re.compile(r"\b(?:hoy es|today is)$")
OF_PAIN_BEFORE = re.compile(r"\b(?:pain|dolor|level|nivel)\b")
# "More than 5" in Spanish, an hour, another part of the body, marks for something else.
MORE_THAN = re.compile(r"\b(?:mas|menos) de(?: una?)?$")
OF_THE_DAY = re.compile(r"^de la (?:manana|tarde|noche)\b|^(?:am|pm)\b")
THE_BACK = re.compile(r"\bback\b(?! (?:to|at|up|down|around|in|on)\b)")
# What a number beside a colon, a dash or a comma may count that is no pain.
COUNTED = (
    r"splint|hours?|sleep|reps?|sets?|minutes?|mins?|pills?|advil|tylenol|ibuprofen|aleve|goal|steps(?! pain)|exercises?|wife|husband"
    r"|service|program|app|question|appointment|room|ferula|horas|minutos|series|repeticiones|pastillas|ejercicios|pregunta|cita|servicio"
    r"|yesterday|ayer|days?|dias?"
)
LABELLED = re.compile(r"^\W*(?P<label>[a-z][a-z' ]{0,40}?) ?[:;] ?w?\d{1,2}\W*$")
COUNTED_BEFORE = re.compile(rf"\b(?:{COUNTED})\b[^.,;:!?\d]{{0,12}}[.,!;:] ?w?\d{{1,2}}\W*$")
COUNTED_BEHIND = re.compile(rf"^\W*w?\d{{1,2}} ?[.,;] ?(?:{COUNTED})\b")
# "Day 4", "steps 8", "I am 9", "tengo 9".
A_COUNT = re.compile(
    r"\b(?:all|give (?:you|u|them|it to you)(?: guys| all)?(?: an?)?|days?|dias?|week|semana|(?<!first )(?<!few )steps?|(?<!primeros )pasos?)$|^(?:i'?m|i am|tengo)$"
)
LEFT_OVER = re.compile(r"^(?:more )?(?:still )?left$")
CALL = re.compile(r"\bcall\b(?! it)|\b(?:give|gimme|dame|deme|high)(?: me)?$")
LISTED = re.compile(r"^\d[.)] +[a-z]")
EXERCISES = re.compile(
    r"\b(?:towel|stretch\w*|raises?|ball|band|splint|roll\w*|curls?|exercises?|ejercicios?|sets?|reps?|series|veces|times)\b"
)
# A text with more of them answers nothing, and is not looked at closely.
MOST_NUMBERS = 30
LONGEST_PIECE = 30


@dataclass(frozen=True, slots=True)
class Found:
    """What the numbers of a text say: a score with the words around it, or a reason to ask."""

    score: int | None = None
    note: str = ""
    ask: bool = False
    why: str = ""
    # A number and nothing else, or one that says it corrects: only such overwrite an answered day.
    is_bare: bool = False


def find_score(words: str, text: str) -> Found:
    """The score in `words` (from `plain`); `text` is what was written, kept as the note.

    A number that could be something else asks. No number and nothing about pain: nothing found.
    """
    core = bare(words)
    zero = no_pain(core)
    if zero is not None:
        return Found(0, note=_as_note(text) if zero.has_a_tale else "", is_bare=zero.is_bare)
    # "w8" is a word; the mark of a number word is ours.
    marked = TYPED_MARK.sub("w ", words)
    if len(NUMBER.findall(marked)) > MOST_NUMBERS:
        return _refused("more than one number")
    typed = _typed(marked)
    if not NUMBER.search(typed):
        asks = not SCALE_NAMED.search(_marked(words)) and speaks_of_pain(core)
        return _refused("words about pain without a number") if asks else Found()
    found = _read(typed, text, is_on_scale=SCALE.search(_marked(words)) is not None)
    if found.score is not None:
        return found
    # Whatever the closed words refused, where the number stands may tell.
    first_or_last = _either(ends(typed), leads(typed))
    if first_or_last is None or NEVER_LED.match(found.why):
        return found
    return Found(first_or_last, note=_as_note(text))


def words_without_scale(words: str) -> str:
    """`words` with digits for number words, and the scale that a score names taken away."""
    return SCALE.sub(r"\1", with_digits(words)).replace("#", "")


def _marked(words: str) -> str:
    """Number words of both languages as marked digits."""
    return NUMBER_WORD.sub(lambda match: f"w{NUMBERS[match[0]]}", words.replace("#", ""))


def _typed(words: str) -> str:
    """`words` with the frame of a scale gone, a score on a scale and "4.0" as plain numbers."""
    framed = SOLO.sub("solo", OR_LESS.sub("about", _marked(words)))
    framed = WHOLE.sub(r"\1", SCALE.sub(r"\1", SCALE_NAMED.sub(" ", framed)))
    framed = TWICE.sub(r"\1", framed)
    framed = _without(BESIDE, CHANGED.sub(" ", framed))
    framed = ENDS.sub(r"\1 ; ", framed)
    if BETTER.search(framed):
        return f"{framed} ?"  # a change, not a score
    framed = DASH.sub(" ; ", framed)
    for phrase in (vocabulary.COURTESY, vocabulary.ON_WAKING, vocabulary.HEDGES, COMPARED):
        framed = phrase.sub(" ; ", framed)
    return NO_POINT.sub("", " ".join(framed.split()).strip(" ,!;:'\"")).rstrip(".")


def _without(pattern: re.Pattern[str], words: str) -> str:
    """`words` without what `pattern` finds, where a number stays to be read."""
    left = pattern.sub(" ; ", words)
    return left if left != words and NUMBER.search(left) else words


def _read(typed: str, text: str, *, is_on_scale: bool) -> Found:
    told_plainly = _either(answer_first(typed), labelled_pain(typed))
    if told_plainly is not None and not vocabulary.TAKEN_BACK.search(typed):
        return Found(told_plainly, note=_as_note(text))
    if why := _why_not(typed):
        return _refused(why)
    if OVER_AND_OVER.fullmatch(typed):
        return Found(int(NUMBER.findall(typed)[0].lstrip("w")))
    pieces = _pieces(typed)
    told = _told(pieces)
    if len(told) != 1 or len(NUMBER.findall(told[0])) != 1:
        return _refused("more than one number")
    found = _in_piece(told[0])
    if found.score is None and OPEN.match(found.why):
        found = _standing(told[0], is_on_scale=is_on_scale) or found
    if found.score is None:
        return found
    at = next(place for place, piece in enumerate(pieces) if told[0] in piece)
    behind = [NUMBER.split(told[0], maxsplit=1)[1], *pieces[at + 1 :]]
    note = _as_note(text) if vocabulary.says_something(" ".join(behind)) else ""
    is_bare = bool(CORRECTS.search(typed)) or re.fullmatch(r"\W*w?\d+\W*", typed) is not None
    return Found(found.score, note=note, is_bare=is_bare)


def _why_not(typed: str) -> str:
    """What speaks against any number of the text, whichever piece it is in; empty: nothing."""
    return _first(
        ("taken back in the same breath", vocabulary.TAKEN_BACK.search(WAIT_FIRST.sub("", typed))),
        (
            "a range, a decimal, a date or a sign",
            ODD_NUMBER.search(re.sub(r"\bw(?=\d)", "", typed)),
        ),
        ("of another day", BEGAN.search(typed)),
        ("a question", re.search(r"\d[^.!,;?]*\?", typed)),
        ("the number of a list", LISTED.match(typed) and EXERCISES.search(typed)),
        ("of something else", COUNTED_BEFORE.search(typed) or COUNTED_BEHIND.search(typed)),
        ("of something else", _is_labelled_strangely(typed)),
    )


def _either(*numbers: int | None) -> int | None:
    """The first number there is; 0 is one."""
    return next((number for number in numbers if number is not None), None)


def _as_note(text: str) -> str:
    """A text as it is kept beside its score."""
    return " ".join(text.split())[:500]


def _told(pieces: list[str]) -> list[str]:
    """The pieces whose numbers may be the answer."""
    told = [piece for piece in pieces if NUMBER.search(piece)]
    if len(told) > 1:
        told = [piece for piece in told if not OTHER_DAY.search(piece) and not PUT.search(piece)]
    # "6, and that's after two cups of coffee": an answer first, then a tale that counts.
    is_answer = len(told) > 1 and told[0] == pieces[0] and _in_piece(told[0]).score is not None
    if is_answer and all(only_counts(piece) for piece in told[1:]):
        return told[:1]
    return told


def _is_labelled_strangely(typed: str) -> bool:
    """Whether the number stands behind a label that says what else it is: "my wife: 6"."""
    labelled = LABELLED.match(typed)
    if labelled is None or " ; " in labelled["label"]:
        return False
    words = labelled["label"].replace("'", "").split()
    return any(OTHER_DAY.search(word) or word not in vocabulary.AROUND_A_SCORE for word in words)


def _first(*reasons: tuple[str, object]) -> str:
    """The first reason that holds; empty: none does."""
    return next((why for why, holds in reasons if holds), "")


def _pieces(typed: str) -> list[str]:
    """The parts that stand by themselves; a remark behind a number begins one."""
    split = REMARK.sub(" ; ", NOT_THIS.sub(" ", typed))
    if not re.search(r"\b[248] my\b", split):
        split = REMARK_OF_BODY.sub(" ; ", split)
    return [piece.strip() for piece in PIECE.split(split) if piece.strip()]


def _in_piece(piece: str) -> Found:
    """The number of one piece, if every word around it may stand there."""
    match = NUMBER.search(piece)
    if match is None:
        return _refused("no number")
    digits, is_word = match[0].lstrip("w"), match[0].startswith("w")
    before, after = piece[: match.start()].strip(), piece[match.end() :].strip()
    around = re.findall(r"[a-z'ñ]+", f"{before} {after}")
    strange = (word for word in around if word.replace("'", "") not in vocabulary.AROUND_A_SCORE)
    why = _first(
        ("off the scale", len(digits) > 2 or int(digits) > 10),
        ("too long around the number", len(around) > LONGEST_PIECE),
        ("of another day", OTHER_DAY.search(piece)),
    )
    why = why or _hazard(int(digits[:2]), before, after, piece, is_word=is_word)
    why = why or next((f"“{word}” beside the number" for word in strange), "")
    return _refused(why) if why else Found(int(digits))


def _standing(piece: str, *, is_on_scale: bool) -> Found | None:
    """The number of a piece with words that no vocabulary has, if it stands as an answer does."""
    match = NUMBER.search(piece)
    number = value_of(match[0]) if match else None
    if match is None or number is None:
        return None
    before, after = piece[: match.start()], piece[match.end() :]
    return Found(number) if stands(number, before, after, is_on_scale=is_on_scale) else None


def _hazard(number: int, before: str, after: str, piece: str, *, is_word: bool) -> str:
    """What else the number may be, by its neighbours; empty: nothing else."""
    first = after.split(" ", 1)[0]
    is_counted = A_COUNT.search(before) or LEFT_OVER.search(after)
    is_called = CALL.search(after) or CALL.search(before)
    speaks_of_pain = re.search(r"\b(?:pain|dolor|i'?m|am)\b", before)
    return _first(
        ("“too”, “for” or “ate”", number in {2, 4, 8} and LIKE_TO_AND_FOR.match(after)),
        ("“for”", number == 4 and OK_FOR.search(piece)),
        ("an hour", AN_HOUR.search(before) and not speaks_of_pain),
        (
            "a date",
            (A_DATE.search(before) and not OF_PAIN_BEFORE.search(before))
            or re.search(r"(?:^| )(?<!por )el$", before),
        ),
        ("a mark for somebody", FOR_SOMEBODY.match(after)),
        ("more or less than it", MORE_THAN.search(before)),
        ("an hour", OF_THE_DAY.search(after)),
        ("another part of the body", THE_BACK.search(piece)),
        ("a count", is_counted or is_called),
        ("a number in words before", is_word and first and first not in vocabulary.AFTER_A_WORD),
        ("a count or a tale", first in vocabulary.NEVER_AFTER),
    )


def _refused(why: str) -> Found:
    return Found(ask=True, why=why)
