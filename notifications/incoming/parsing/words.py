"""Whether a text holds something for a person to read. Pure, linear.

A command, a number and the courtesy around them are done when we have done them; whatever else is
said stands in the clinic's inbox (promise 17). When in doubt it does: reading costs a moment.
"""

from __future__ import annotations

import re

from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.envelope import opened
from notifications.incoming.parsing.names import without_name
from notifications.incoming.parsing.plain import NUMBERS, plain
from notifications.incoming.parsing.vocabulary import AROUND_A_SCORE, COURTESY, says_something

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
GREETING = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "hiya",
        "hola",
        "morning",
        "ok",
        "okay",
        "k",
        "alright",
        "thanks",
        "thank",
        "you",
        "thx",
        "ty",
        "gracias",
        "de",
        "nada",
        "please",
        "por",
        "favor",
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "si",
        "claro",
        "sure",
        "dr",
        "doc",
        "doctor",
        "doctora",
        "lol",
        "haha",
        "and",
        "or",
        "y",
        "o",
        "to",
        "the",
        "a",
    ]
)
COMMANDS = frozenset(
    [
        "done",
        "did",
        "finished",
        "complete",
        "completed",
        "all",
        "it",
        "them",
        "my",
        "exercises",
        "exercise",
        "hecho",
        "hice",
        "hecha",
        "listo",
        "lista",
        "ya",
        "ejercicios",
        "los",
        "las",
        "skip",
        "skipped",
        "not",
        "pass",
        "hoy",
        "saltar",
        "later",
        "luego",
        "despues",
        "tarde",
        "mas",
        "in",
        "hour",
        "hours",
        "hora",
        "horas",
        "minutes",
        "minutos",
        "min",
        "mins",
        "am",
        "pm",
        "pause",
        "pausa",
        "for",
        "days",
        "day",
        "dias",
        "dia",
        "week",
        "weeks",
        "semana",
        "semanas",
        "until",
        "hasta",
        "resume",
        "seguir",
        "continuar",
        "undo",
        "deshacer",
        "borrar",
        "back",
        "take",
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "opt",
        "out",
        "alto",
        "parar",
        "baja",
        "texting",
        "text",
        "texts",
        "message",
        "messages",
        "mensaje",
        "mensajes",
        "me",
        "send",
        "sending",
        "sms",
        "mandar",
        "mande",
        "enviar",
        "escribir",
        "start",
        "unstop",
        "help",
        "info",
        "ayuda",
        "no",
        "time",
        "pain",
        "forgot",
        "sure",
        "how",
        "other",
        "tiempo",
        "tuve",
        "dolor",
        "olvide",
        "se",
        "olvido",
        "otro",
        "motivo",
    ]
)
# Read as a command or a number: what stands beside it may still be for a person.
DONE_WITH = frozenset(
    {
        *(Kind.SCORE, Kind.DONE, Kind.SKIP, Kind.LATER, Kind.PAUSE, Kind.RESUME, Kind.UNDO),
        *(Kind.OPT_OUT, Kind.OPT_IN, Kind.HELP),
    }
)


def is_for_a_person(text: str, reply: Reply, *, names: tuple[str, ...] = ()) -> bool:
    """Whether `text`, read as `reply`, holds words beyond a command, a number and courtesy.

    `names` are the first names on the phone: to say one's name is no message.
    """
    letter = opened(text)
    if letter.is_reaction or letter.is_automatic:
        return bool(reply.flags) or reply.doubtful
    if reply.flags or reply.doubtful:
        return True
    if reply.kind is Kind.SCORE and reply.note and says_something(reply.note):
        return True
    said = letter.said
    for name in names:
        said = without_name(said, name)
    known = GREETING | NUMBERS.keys() | {word for name in names for word in plain(name).split()}
    if reply.kind is Kind.REASON:
        known |= COMMANDS
    elif reply.kind in DONE_WITH:
        known |= COMMANDS | AROUND_A_SCORE
    words = WORD.findall(COURTESY.sub(" ", plain(said)))
    return any(word.replace("'", "") not in known and word not in known for word in words)
