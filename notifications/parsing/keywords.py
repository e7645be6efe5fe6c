"""Opting out, opting in and help: read first, in any wording.

Sources: Twilio's keywords; 47 CFR 64.1200 (a)(10) (revocation "by any reasonable means").
"""

from __future__ import annotations

import re

from notifications.parsing.plain import bare

# Twilio's own and the rule's list, then Spanish, then how thumbs miss "stop".
OPT_OUT = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {
        "alto",
        "basta",
        "parar",
        "pare",
        "paren",
        "para",
        "cancelar",
        "baja",
        "detener",
        "desuscribir",
    }
    | {"sotp", "stpo", "stpp", "stopp", "stoop", "stp", "atop", "dtop", "syop", "unsuscribe"}
)
OPT_IN = frozenset(
    {"start", "unstop", "yes", "empezar", "iniciar", "comenzar", "strat", "satrt", "starts"}
)
HELP = frozenset(
    {"help", "info", "ayuda", "helpme", "helpplease", "ineedhelp", "pleasehelp", "hlep", "halp"}
    | {"ayudame", "necesitoayuda", "ayudaporfavor", "informacion"}
)
POLITE = re.compile(r"\b(please|pls|plz|plse|por favor|porfa|now|ya|thanks|thank you|gracias|ok)\b")
TEXTS = r"(?:texts?|text messages?|messages?|msgs?|sms|reminders?|notifications?|check ?ins?)"
MENSAJES = r"(?:mensajes?|textos?|sms|recordatorios?|avisos?)"
# Whoever says these does not want texts, whatever else they say.
PHRASES = re.compile(
    "|".join(
        (
            rf"\b(?:stop|quit|cease|end|cancel)(?: all)?(?: of)?(?: the| these| those| your| my| this)?"
            rf" (?:{TEXTS}|texting|messaging|sending|contacting|writing|bothering|bugging|spamming"
            r"|harassing|calling|subscription)\b",
            r"\bopt(?:ing|ed)?[ -]?(?:me )?out\b",
            r"\bunsubscri?be\b",
            r"\b(?:remove|delete|drop|erase) (?:me|my (?:phone|number|cell))\b",
            r"\btake (?:me|my number) off\b",
            r"\bleave me (?:alone|be)\b",
            rf"\bno more(?: of)?(?: the| these| those)? {TEXTS}\b",
            r"\b(?:don'?t|do not|never|quit|stop) (?:ever )?(?:text|txt|message|msg|contact|write|bother"
            r"|call|send)(?:ing)?(?: to)? (?:me|this|us|any|these)\b",
            r"\bdo(?:n'?t| not) (?:text|txt|message|contact)\b",
            rf"\b(?:don'?t|do not|no longer|never) want(?: to (?:get|receive))?(?: any| any ?more| more"
            rf"| these| those| your| the)* {TEXTS}\b",
            r"\blose my number\b",
            r"\b(?:revoke|withdraw|take back)(?: my)? consent\b",
            r"\bsto+p+ it\b",
            rf"\bno (?:quiero|deseo|necesito)(?: recibir)?(?: mas| sus| estos)* {MENSAJES}\b",
            rf"\bno mas(?: de)?(?: sus| estos)? {MENSAJES}\b",
            r"\b(?:deje|deja|dejen|pare|paren|para) de (?:enviar|mandar|escribir|molestar|textear|llamar)",
            r"\b(?:dejame|dejeme|dejenme) en paz\b",
            r"\b(?:ya )?no me (?:escriba|escriban|escribas|mande|manden|mandes|envie|envien|envies"
            r"|moleste|molesten|molestes|contacte|contacten|contactes|texteen|textee)\b",
            r"\b(?:quiteme|quitame|quitenme|borreme|borrame|borrenme|saqueme|sacame|saquenme|elimineme"
            r"|eliminenme)\b",
            rf"\b(?:cancelar|cancele|cancelen|cancela|parar|pare|paren|detener|detenga|detengan)"
            rf"(?: los| sus| estos| mis| la)? (?:{MENSAJES}|suscripcion)\b",
            r"\b(?:dar(?:me)?|demen?|denme) de baja\b",
            r"\bya basta\b|\bbasta ya\b",
        )
    )
)
# "Please don't stop texting me" is the opposite.
NEGATED = re.compile(
    r"\b(?:don'?t|do not|never|not|no|doesn'?t|does not|won'?t|can'?t|didn'?t|without)"
    r"(?: want)?(?: to)?(?: ever)? (?:stop|quit|cease|end|cancel|unsubscri?be|opt|remove|delete|drop)\b"
    r"|\bno (?:deje|deja|dejen|pare|paren|para|cancele|cancelen|quite|quiten) de?\b"
)
# A stop that is about the body or the exercises, or a question about them.
ABOUT_THE_FOOT = re.compile(
    r"\b(?:stop|stops|stopping) (?:hurt|ach|throb|burn|swell|bleed|cramp|run|walk|exercis|stretch|roll"
    r"|us(?:e|ing)|wear|tak|do(?:ing)?\b|the (?:pain|hurt|exercise|stretch|rolling|splint|program))"
    r"|\b(?:should|can|must|may|do|did|could|would|when|how|if|to|had to|have to) (?:i |we )?(?:just )?stop\b"
    r"|\b(?:doesn'?t|does not|didn'?t|won'?t|will not|not|never|non|bus|pit|full|can'?t|cannot|it|pain)"
    r"[ -]stop(?:s|ped)?\b(?! (?:text|send|messag))"
)
# Perhaps not for us, perhaps a wish to be left alone: a person looks, and nothing is sent meanwhile.
DOUBTFUL = re.compile(
    r"\bstop\b|\bwrong (?:number|person|phone)\b|\bnot interested\b|\bspam\b|\bunwanted\b"
    r"|\bno thank(?:s| you)\b|\b(?:not|isn'?t) (?:my|maria'?s) (?:number|phone)\b|\bgo away\b"
    r"|\bnumero equivocado\b|\bse equivoco de numero\b|\bno me interesa\b|\bno gracias\b"
    r"|\bpersona equivocada\b|\bnew (?:owner|number)\b|\b(?:enough|sick|tired) of (?:this|these|you|it)\b"
    r"|\bi(?:'?m| am) done with (?:this|these|you)\b|\bharto de (?:esto|sus)\b|\bno longer (?:a )?patient\b"
)


def one_word(words: str) -> str:
    """`words` as one keyword: courtesy, blanks and hyphens gone ("Stop all, please" is "stopall")."""
    kept = POLITE.sub(" ", words)
    return re.sub(r"[^a-z]", "", bare(kept)) if not re.search(r"\d", kept) else ""


def is_opt_out(words: str) -> bool:
    """Whether `words` (from `plain`) revoke consent in any reasonable wording."""
    keyword = re.sub(r"^(stop)+$", "stop", one_word(words))
    if keyword in OPT_OUT or re.sub(r"[^a-z]", "", words) in OPT_OUT:
        return True
    return bool(PHRASES.search(words)) and not NEGATED.search(words)


def is_doubtful(words: str) -> bool:
    """Whether `words` may be a wish to hear no more, or come from somebody else."""
    if not DOUBTFUL.search(words) or NEGATED.search(words):
        return False
    return not (ABOUT_THE_FOOT.search(words) and not re.search(r"wrong|interested|spam", words))
