"""The words of opting out, opting in and help, and how they are misspelt. Data."""

from __future__ import annotations

# Twilio's own and the rule's list, then Spanish, then how thumbs miss "stop".
OPT_OUT = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"alto", "basta", "parar", "pare", "paren", "parale", "cancelar", "detener", "desuscribir"}
    | {
        "sotp",
        "stpo",
        "stpp",
        "stopp",
        "stoop",
        "stp",
        "atop",
        "dtop",
        "syop",
        "sstop",
        "unsuscribe",
    }
    | {
        "unsub",
        "unsubcribe",
        "unsubscibe",
        "unsubscribed",
        "stoppall",
        "stopmensajes",
        "stoptexting",
        "stoptexts",
        "remove",
        "removeme",
    }
)
# What these stand for beside other words.
STANDS_FOR = {
    "sotp": "stop",
    "stpo": "stop",
    "stpp": "stop",
    "stp": "stop",
    "stahp": "stop",
    "unsubscibe": "unsubscribe",
    "unsuscribe": "unsubscribe",
    "unsubcribe": "unsubscribe",
    "mensage": "mensaje",
    "mensajitos": "mensajes",
    "msj": "mensajes",
    "msjs": "mensajes",
    "dnt": "don't",
    "stoptextingme": "stop texting me",
    "ur": "your",
    "nomore": "no more",
    "kiero": "quiero",
    "qiero": "quiero",
    "qitenme": "quitenme",
    "quitnme": "quitenme",
    "dejn": "dejen",
    "tke": "take",
    "txts": "texts",
    "mensages": "mensajes",
    "plis": "please",
    "alt0": "alto",
    "stopit": "stop it",
    "stopp": "stop",
    "st0p": "stop",
    "optoutt": "optout",
    "outt": "out",
}
# STOP as other languages write it, alone: nobody here reads them, so they are held.
STOP_ELSEWHERE = frozenset(
    {
        "стоп",
        "cтoп",
        "停止",
        "停",
        "dừng",
        "dung",
        "arrêt",
        "arret",
        "sair",
        "ferma",
        "stopp",
        "停止发送",
        "停止發送",
    }
)
# Slips of a thumb that are words or nearly so beside others ("a top"): they count alone.
SLIPS = frozenset(
    {
        "sotp",
        "stpo",
        "stpp",
        "stoop",
        "stp",
        "atop",
        "dtop",
        "syop",
        "sstop",
        "remove",
        "end",
        "quit",
    }
    | {"alto", "pare", "paren", "parar", "cancel", "cancelar", "revoke"}
)
# Asks for texts and nothing else; YES answers many things.
START = frozenset({"start", "unstop", "empezar", "iniciar", "comenzar", "strat", "satrt", "starts"})
OPT_IN = START | {"yes"}
# Asks for help as one asks a person.
HELP_ME = frozenset(
    {"helpme", "helpplease", "ineedhelp", "pleasehelp", "ayudame", "necesitoayuda", "ayudaporfavor"}
)
HELP = HELP_ME | {"help", "info", "ayuda", "hlep", "halp", "informacion"}
# One letter wrong in a word of an opt-out: held for a person, never acted on.
MENDED = (
    "unsubscribe",
    "texting",
    "texts",
    "messages",
    "message",
    "sending",
    "contact",
    "remove",
    "number",
    "from",
    "mensajes",
    "escribir",
    "escribirme",
    "escriban",
    "manden",
    "enviar",
)
# Words that are as near and mean something else.
REAL_WORDS = frozenset(
    [
        "shop",
        "text",
        "sent",
        "step",
        "steps",
        "stops",
        "stopped",
        "top",
        "tops",
        "spot",
        "quiet",
        "quite",
        "quiz",
        "cancer",
        "allo",
        "also",
        "auto",
        "test",
        "tests",
        "next",
        "tents",
        "vexing",
        "taxing",
        "massage",
        "massages",
        "passages",
        "spending",
        "bending",
        "sanding",
        "contacts",
        "contract",
        "numbers",
        "remote",
        "removed",
        "moved",
        "escriben",
        "pending",
    ]
)
# What somebody may not be, with a capital, and still be the patient.
NO_NAMES = frozenset(
    [
        "diabetic",
        "diabetica",
        "diabetico",
        "allergic",
        "sure",
        "able",
        "ready",
        "pregnant",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
        "tylenol",
        "advil",
        "happy",
        "alone",
        "there",
        "home",
        "yet",
        "done",
        "today",
        "doctor",
        "doctora",
    ]
)
