"""Opting out, opting in and help: read first, in any wording.

Sources: Twilio's keywords; 47 CFR 64.1200 (a)(10) (revocation "by any reasonable means").
"""

from __future__ import annotations

import re

from notifications.incoming.parsing.plain import bare

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
OPT_IN = frozenset(
    {"start", "unstop", "yes", "empezar", "iniciar", "comenzar", "strat", "satrt", "starts"}
)
HELP = frozenset(
    {"help", "info", "ayuda", "helpme", "helpplease", "ineedhelp", "pleasehelp", "hlep", "halp"}
    | {"ayudame", "necesitoayuda", "ayudaporfavor", "informacion"}
)
POLITE = re.compile(r"\b(please|pls|plz|plse|por favor|porfa|now|ya|thanks|thank you|gracias|ok)\b")
TEXTS = r"(?:daily )?(?:texts?|text messages?|messages?|msgs?|sms|reminders?|notifications?|alerts?|check ?ins?)"
MENSAJES = r"(?:mensajes?|textos?|sms|recordatorios?|avisos?)"
ANY = r"(?: all| any| of| the| these| those| your| my| this| us| more| further| with)*"
LISTED = r"(?:$|(?: (?:from|of|your|this|the|text|sms|contact|mailing))* (?:list|texts?|messages?|system)\b)"
# Whoever says these does not want texts, whatever else they say. Read clause by clause.
PHRASES = re.compile(
    "|".join(
        (
            rf"\b(?:sto+p+|quit|cease|end|cancel){ANY} (?:{TEXTS}|texting|messaging|sending|contacting|writing"
            r"|bothering|bugging|spamming|harassing|subscription|asking me)\b",
            r"^(?:please |just )*sto+p+ it(?: please| now| already)?$",
            rf"\b(?:want|wish|like|need|told you|asked you)(?: \w+){{0,2}} to stop (?:getting|receiving|{TEXTS})",
            rf"\bwant(?: the| these| your| all)* {TEXTS} to stop\b",
            r"\bopt(?:ing|ed)?[ -]?(?:me )?out\b",
            r"\bunsubscri?be\b|\bunenroll\b|\bturn off (?:the |my |these )*(?:texts|reminders|messages)\b",
            rf"\b(?:remove|delete|erase) (?:me|us|my (?:phone|number|cell|name)|this number)\b{LISTED}",
            rf"\b(?:take|get) (?:me|us|my (?:number|name)|this number) off\b{LISTED}",
            r"\bleave (?:me|us) (?:alone|be)\b(?! with)",
            rf"\bno(?: more)?(?: of)?(?: the| these| those)? {TEXTS}\b(?! (?:yesterday|came))",
            r"\bno more(?: please)?$|\bno more of (?:these|this)\b|\benough texts\b|\btoo many texts\b",
            r"(?<!\bi )\b(?:don'?t|do not|never|quit|stop) (?:ever )?(?:text|txt|message|msg|contact|write|bother)"
            r"(?:ing)?(?: to)?(?: me| this| us| my| anymore| again|$)",
            r"\b(?:don'?t|do not|never|stop) send(?:ing)?(?: me| us| any| anything| more| these)*"
            rf"(?: anymore| again| {TEXTS}|$)",
            r"\b(?:don'?t|do not) (?:ask) me (?:anymore|again)\b",
            rf"\b(?:don'?t|do not|no longer|never) (?:want|wish|need|like)(?: to (?:get|receive|be))?(?: any| any ?more"
            rf"| more| these| those| your| the)* (?:{TEXTS}|texted|contacted|these|this|you(?: to)? text\w*)\b"
            r"(?! (?:exercise|splint|ball|pain|to (?:end|stop)))",
            r"\b(?:don'?t|do not) want to hear from you\b",
            r"\blose (?:my|this) number\b|\bi'?m blocking you\b",
            r"\b(?:revoke|withdraw|take back)(?: my)? (?:consent|permission)\b|\bi revoke\b|\bno consent\b"
            r"|\b(?:don'?t|do not|no longer) consent\b",
            rf"\bno (?:quiero|deseo|necesito)(?: recibir)?(?: mas| sus| tus| estos| tantos)* {MENSAJES}\b",
            r"\bno quiero que me (?:escrib|mand|envi|text|contact)\w+|\bno quiero (?:recibir )?mas$",
            rf"\bno mas(?: de)?(?: sus| estos)? {MENSAJES}\b|\b(?:ya )?no mas(?: por favor)?$",
            rf"\bbasta (?:de|con)(?: los| sus| tantos)? {MENSAJES}\b|\balto (?:a|con)?(?: ?los)? ?{MENSAJES}\b",
            r"(?<!me )\b(?:deje|deja|dejen|pare|paren|para) de (?:enviar|mandar|escribir|molestar|textear|llamar"
            r"|mensajear)(?!\w* un rato)",
            r"\b(?:dejame|dejeme|dejenme) (?:en paz|tranquil[oa])\b|\bdejenme de molestar\b",
            r"\b(?:ya )?no me (?:vuelvan? a )?(?:escrib|mand|envi|moleste|contact|text)\w*\b"
            rf"(?:$| mas| nada| otra vez| por favor|(?: mas| sus| estos)* {MENSAJES})",
            rf"\b(?:ya )?no (?:manden|envien|mandar|enviar|molesten|molestar)\b(?:$| mas|(?: mas| sus)* {MENSAJES})",
            r"\b(?:quiteme|quitame|quitenme|borreme|borrame|borrenme|saqueme|sacame|saquenme|elimineme"
            r"|eliminenme)\b(?:$| de (?:la|su|esta) lista| por favor$)",
            r"\b(?:quiten?|borren?|borra|eliminen?) (?:mi|este) numero\b",
            rf"\b(?:cancelar|cancele|cancelen|cancela|parar|pare|paren|para|detener|detenga|detengan)"
            rf"(?: los| sus| estos| mis| mi| la)? (?:{MENSAJES}|suscripcion)\b",
            r"\b(?:dar(?:me|se)?|demen?|denme|dame|dese)(?: de)? (?:de )?baja\b|\bde baja por favor\b",
            r"\b(?:revoco|retiro) mi consentimiento\b|\bya basta\b|\bbasta ya\b",
        )
    )
)
# Limits, other channels, questions and reports: a person decides whether they end the texts.
QUALIFIED = re.compile(
    r"\b(?:at night|before \d|after \d|until|till|today|tonight|on weekends|while|just call|call me|de noche|hoy"
    r"|hasta|en ingles|in english)\b"
)
REPORT = re.compile(r"\b(?:did|have|has|why did) (?:you|they) stop|\bwere there\b|\bgot no more\b")
# "Please don't stop texting me" is the opposite.
NEGATED = re.compile(
    r"\b(?:don'?t|do not|never|please not)(?: want)?(?: you)?(?: to)?(?: ever)? (?:stop|quit|cease|end|cancel"
    r"|unsubscri?be|opt|remove|delete)\b"
    r"|\bno (?:deje|deja|dejen|pare|paren|para|cancele|cancelen|quite|quiten) de?\b"
)
# A stop that is about the body or the exercises, a question about them, or another kind of stop.
ABOUT_THE_FOOT = re.compile(
    r"\b(?:stop|stops|stopping) (?:hurt|ach|throb|burn|swell|bleed|cramp|run|walk|exercis|stretch|roll"
    r"|us(?:e|ing)|wear|tak|icing|meds|medicine|do(?:ing)?\b|limp|the (?:pain|hurt|exercise|stretch|rolling"
    r"|splint|medicine|bleeding)|it (?:when|from)|by\b|in\b|sign|light)"
    r"|\b(?:should|can|must|may|could|when|if|had to|have to|does \w+) (?:i |we )?(?:just )?stop\b"
    r"|\b(?:doesn'?t|does not|didn'?t|won'?t|will not|never|non|bus|pit|full|can'?t|cannot|make it|pain)"
    r"[ -]stop(?:s|ped)?\b(?! (?:text|send|messag))|\bwhy did the texts? stop\b"
)
# Perhaps not for us, perhaps a wish to be left alone: a person looks, and nothing is sent meanwhile.
DOUBTFUL = re.compile(
    r"\bstop+\b|\bwrong (?:number|person|phone|#)(?!\w)|\bnot interested(?: in (?:this|these|texts))?$"
    r"|\bthis is spam\b|^spam$|\bunwanted\b|^no thank(?:s| you)$|\b(?:not|isn'?t) my (?:number|phone)$"
    r"|^(?:please )?go away$|\bnumero (?:equivocado|incorrecto)\b|\bse equivoco de numero\b|\bno me interesa$"
    r"|^no gracias$|\bno me (?:escriban|manden|envien)\b(?! al)|\bpersona equivocada\b|^equivocado$|\bno es mi numero\b|\bno soy [a-z]+$|\bnew owner\b"
    r"|\b(?:enough|sick|tired) of (?:this|these|you|it|your texts?|the texts?)$|\bi(?:'?m| am) done with"
    r" (?:this|these|you)$|\bhart[oa] de (?:esto|sus|estos mensajes)\b|\bno longer (?:a )?patient\b"
    r"|\bya no soy paciente\b|^not me$|\b(?:i'?m|this is|this isn'?t|i am) not [a-z]+$|^this isn'?t [a-z]+$"
    r"|\b(?:he|she|ella|el) (?:passed away|died|fallecio|murio)\b|^enough(?: already)?$|^suficiente$"
    r"|^(?:ya )?no quiero(?: mas)?$|\b(?:end|cancel|quit) (?:this|it|these|all|me|everything|service|the program)$"
    r"|^(?:i want to )?quit$|^i quit\b|\bi don'?t want (?:this|these|it)(?: anymore)?$|\bfuck off\b|\bscrew you\b"
    r"|^(?:baja|fin|salir|anular|terminar|cancela|cancele|cancelen|quiero (?:salir|cancelar)|detenga|ya estuvo"
    r"|parale|parenle|delete|withdraw|deactivate)$|\bdo(?:n'?t| not) call\b(?:$| me| us)|\bstop calling\b"
)
# "Sorry, wrong number, 4" corrects a score.
A_SLIP = re.compile(r"\bwrong number\b|\bmy number\b|\bnumero equivocado\b")
CLAUSE = re.compile(r"[.,;!?]+\s*|\b(?:but|pero|just|and|y)\b")


def one_word(words: str) -> str:
    """`words` as one keyword: courtesy, blanks and hyphens gone ("Stop all, please" is "stopall")."""
    kept = POLITE.sub(" ", words)
    return re.sub(r"[^a-z]", "", bare(kept)) if not re.search(r"\d", kept) else ""


def is_opt_out(words: str) -> bool:
    """Whether `words` (from `plain`) revoke consent in any reasonable wording."""
    keyword = re.sub(r"^(stop+)+$", "stop", one_word(words))
    if keyword in OPT_OUT or re.sub(r"[^a-z]", "", words) in OPT_OUT:
        return True
    return any(_ends_texts(clause) for clause in _clauses(words)) and not QUALIFIED.search(words)


def is_doubtful(words: str) -> bool:
    """Whether `words` may be a wish to hear no more, or come from somebody else."""
    if re.search(r"\d", words) and A_SLIP.search(words):
        return False
    return any(
        (DOUBTFUL.search(clause) or _ends_texts(clause))
        and not NEGATED.search(clause)
        and not ABOUT_THE_FOOT.search(clause)
        and not REPORT.search(clause)
        for clause in _clauses(words)
    )


def _ends_texts(clause: str) -> bool:
    return bool(PHRASES.search(clause) and not NEGATED.search(clause) and not REPORT.search(clause))


def _clauses(words: str) -> list[str]:
    """The parts of `words` between stops and conjunctions, and the whole, with and without courtesy."""
    pieces = [*CLAUSE.split(words), words]
    pieces += [" ".join(POLITE.sub(" ", piece).split()) for piece in pieces]
    return [part for part in map(bare, pieces) if part]
