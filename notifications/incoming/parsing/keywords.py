"""Opting out, opting in and help: read first, in any wording.

Sources: Twilio's keywords; 47 CFR 64.1200 (a)(10) (revocation "by any reasonable means").
"""

from __future__ import annotations

import re
from functools import lru_cache

from notifications.incoming.parsing.edits import mended_to
from notifications.incoming.parsing.holding import may_end
from notifications.incoming.parsing.keyword_lists import (
    HELP_ME,
    MENDED,
    NO_NAMES,
    OPT_IN,
    OPT_OUT,
    REAL_WORDS,
    SLIPS,
    STANDS_FOR,
    START,
    STOP_ELSEWHERE,
)
from notifications.incoming.parsing.plain import bare, plain
from notifications.incoming.parsing.vocabulary import AROUND_A_SCORE

POLITE = re.compile(r"\b(please|pls|plz|plse|por favor|porfa|now|ya|thanks|thank you|gracias|ok)\b")
TEXTS = r"(?:daily )?(?:texts?|txts?|text messages?|messages?|msgs?|sms|texting|reminders?|notifications?|alerts?|check ?ins?)"
# "No text this morning" is a report; "no texts" alone is a wish.
TEXTS_OF_MANY = (
    r"(?:texts|text messages|messages|msgs|sms|reminders|notifications|alerts|check ?ins)"
)
MENSAJES = r"(?:mensajes?|textos?|sms|recordatorios?|avisos?)"
ANY = r"(?: all| any| of| the| these| those| your| my| this| us| more| further| with)*"
LISTED = (
    r"(?:$|(?: (?:from|of|your|this|the|text|texting|calling|phone|messaging|sms|contact|mailing))*"
    r" (?:list|texts?|messages?|system)\b(?! about))"
)
# What "sending" may be about; bills are none of ours.
SENDING = (
    rf"sending(?: to)?(?: me| us)?(?: to this number)?(?: any| all| more| these| those| this| the| so many| your| of)*"
    rf"(?: {TEXTS}| these| this| those| them| anything| stuff| things| anymore| again|$)"
)
# Whoever says these does not want texts, whatever else they say. Read clause by clause.
PHRASES = re.compile(
    "|".join(
        (
            rf"\b(?:sto+p+|quit|cease|end|cancel){ANY} (?:{TEXTS}\b(?! (?:call|i sent|about))|(?:texting|messaging|contacting|writing|bothering|bugging|spamming"
            r"|harassing|subscription|asking me)\b)",
            rf"\b(?:sto+p+|quit|cease|end) {SENDING}",
            r"^(?:please |just )*sto+p+ it(?: please| now| already)?$",
            rf"\b(?:want|wish|like|need|told you|asked you)(?: \w+){{0,2}} to stop (?:getting|receiving|{TEXTS})",
            rf"\bwant(?: the| these| your| all)* {TEXTS} to stop\b",
            r"\bopt(?:ing)?[ -]?(?:me )?out\b(?! of (?!th(?:is|ese)\b|it\b|your\b|all\b|the (?:texts?|sms|messages?|program|reminders?|list))|ed)",
            r"\bdiscontinue(?:$|d?(?: the| these| this| all| your| my)* (?:texts?|messages?|service|sms))|^please discontinue\b",
            rf"\b(?:enough|done|finished|through) (?:with|of)(?: the| these| those| your| all| of)* {TEXTS}\b",
            r"\bunsubscri?be\b(?! (?:me )?from (?:\w+ ){0,3}(?:newsletters?|e?-?mails?|catalogs?|magazines?|gym|channel|stretch\w*|exercis\w*|pain))|\bunenroll\b|\bturn off (?:the |my |these )*(?:texts|reminders|messages)\b",
            rf"\b(?:remove|delete|erase) (?:me|us|my (?:phone|number|cell|name)|this number)\b{LISTED}",
            rf"\b(?:take|get) (?:me|us|my (?:number|name)|this number) off\b{LISTED}",
            r"\b(?:remove|take|get) (?:me|us) (?:from|off)(?: of)? (?:this|these|it|all)\b|\bout of (?:these|your|the|this|all)(?: these)? (?:texts?|messages?|reminders?)\b",
            r"\bleave (?:me|us) (?:alone|be)\b(?! with)",
            rf"\bno more(?: of)?(?: the| these| those| your| daily)* (?:{TEXTS}|{MENSAJES})\b(?! (?:yesterday|came))",
            rf"^(?:please )?no(?: daily| text)? {TEXTS_OF_MANY}(?: please| anymore| again| to (?:this|my|me)\b.*)?$",
            r"^no more(?: please)?$|\bno more of (?:these|this)\b|\benough texts\b|\btoo many texts\b",
            r"(?<!\bi )\b(?:don'?t|do not|never|quit|stop) (?:ever )?(?:text|txt|message|msg|contact|write|bother)"
            r"(?:ing)?(?: to)?(?: me| this| us| my| anymore| again|(?<!bother)$)",
            r"\b(?:don'?t|do not|never|please not) send(?:ing)?(?: to)?(?: me| us| any| anything| more| these| of| this)*"
            rf"(?: anymore| again| {TEXTS}|$)",
            r"\b(?:don'?t|do not) (?:ask) me (?:anymore|again)\b",
            rf"\b(?:don'?t|do not|no longer|never) (?:want|wish|need|like)(?: to (?:get|receive|be))?(?: any| any ?more"
            rf"| more| these| those| your| the)* (?:{TEXTS}\b|texted\b|contacted\b|you(?: to)? text\w*\b|(?:these|this)(?: any ?more)?$)"
            r"(?! (?:exercise|splint|ball|pain|to (?:end|stop)))",
            r"\b(?:don'?t|do not) want to hear from you\b",
            r"\blose (?:my|this) number\b|\bi'?m blocking you\b",
            r"\b(?:revoke|withdraw|take back)(?: my)? (?:consent|permission)\b|\bi revoke\b|\bno consent\b"
            r"|\b(?:don'?t|do not|no longer) consent\b",
            rf"\bno (?:quiero|deseo|necesito)(?: recibir)?(?: mas| sus| tus| estos| tantos)* {MENSAJES}\b",
            r"\bno quiero que me (?:escrib|mand|envi|text|contact)\w+\b(?! (?:al?|el|la|un|una|por telefono|para|con)\b)|^no quiero (?:recibir )?mas$",
            rf"\bno autorizo(?: mas| sus| estos| los)* {MENSAJES}\b",
            r"\bno vuelvan? a (?:escribir|mandar|enviar|textear|contactar|molestar|llamar)(?:me|nos)?\b|\bno (?:me )?text(?:ee|een|eo)\w*(?: mas| a (?:este|mi)|$)",
            rf"\bno mas(?: de)?(?: sus| estos)? {MENSAJES}\b|^(?:ya )?no mas(?: por favor)?$",
            rf"\bbasta (?:de|con)(?: los| sus| tantos)? {MENSAJES}\b|\balto (?:a|con)?(?: ?los)? ?{MENSAJES}\b",
            r"(?<!me )\b(?:deje|deja|dejen|pare|paren|para) de (?:enviar|mandar|escribir|molestar|textear|llamar"
            r"|mensajear)(?!\w* un rato)",
            r"\b(?:dejame|dejeme|dejenme) (?:en paz|tranquil[oa])\b|\bdejenme de molestar\b",
            r"\b(?:ya )?no me (?:vuelvan? a )?(?:escrib|mand|envi|moleste|contact|text)\w*\b"
            rf"(?:$| mas| nada(?: mas)?$| otra vez| por favor|(?: mas| sus| estos)* {MENSAJES})",
            rf"\b(?:ya )?no (?:manden|envien|mandar|enviar|molesten|molestar)\b(?:$| mas|(?: mas| sus)* {MENSAJES})",
            r"\b(?:quiteme|quitame|quitenme|borreme|borrame|borrenme|saqueme|sacame|saquenme|elimineme"
            r"|eliminenme)\b(?:$| de (?:la|su|esta) lista| por favor$)",
            r"\b(?:quiten?|borren?|borra|eliminen?) (?:mi|este) numero\b",
            rf"\b(?:cancelar|cancele|cancelen|cancela|parar|pare|paren|detener|detenga|detengan)"
            rf"(?: los| sus| estos| mis| mi| la)? (?:{MENSAJES}|suscripcion)\b|\bpara(?: los| sus| estos)? {MENSAJES}$",
            r"\b(?:dar(?:me|se)?|demen?|denme|dame|dese)(?: de)? (?:de )?baja\b|\bde baja por favor\b",
            r"\b(?:revoco|retiro) mi consentimiento\b|\bya basta\b(?! (?:de|con) (?:est[ea]|el|la|tanto|mi)? ?(?:dolor|sufrimiento|pie|talon))|\bbasta ya\b(?! (?:de|con) (?:est[ea]|el|tanto|mi)? ?dolor)",
        )
    )
)
# Limits, other channels, questions and reports: a person decides whether they end the texts.
QUALIFIED = re.compile(
    r"\b(?:at night|before \d|after \d|until|till|today|tonight|on weekends|while|just call|call me|about|only|por telefono|de noche|hoy"
    r"|hasta|en ingles|in english)\b"
)
REPORT = re.compile(
    r"\b(?:got|get|getting|received|receive|was|were|have|had|there|see|saw|came) no\b|\b(?:did|have|has|why did) (?:you|they) stop|\bwere there\b|\bgot no more\b"
)
# "Please don't stop texting me" is the opposite.
NEGATED = re.compile(
    r"\b(?:don'?t|do not|never|please not)(?: want)?(?: you)?(?: to)?(?: ever)? (?:stop|quit|cease|end|cancel"
    r"|unsubscri?be|opt|remove|delete)\b"
    r"|\bno (?:deje|deja|dejen|pare|paren|para|cancele|cancelen|quite|quiten) de?\b"
    r"|\bno (?:me )?quiero (?:darme? de baja|dar de baja|cancelar|salir)\b"
)
# A stop that is about the body or the exercises, a question about them, or another kind of stop.
ABOUT_THE_FOOT = re.compile(
    r"\b(?:stop|stops|stopping) (?:hurt|ach|throb|burn|swell|bleed|cramp|run|walk|exercis|stretch|roll"
    r"|us(?:e|ing)|wear|tak|icing|meds|medicine|do(?:ing)?\b|limp|the (?:pain|hurt|exercise|stretch|rolling"
    r"|splint|medicine|bleeding)|it (?:when|from)|by\b|in\b|at\b|for (?:a|the|gas|coffee|lunch)\b|sign|light)"
    r"|\b(?:should|can|must|may|could|when|if|had to|have to|does \w+) (?:i |we )?(?:just )?stop\b"
    r"|\b(?:doesn'?t|does not|didn'?t|won'?t|will not|never|ever|non|bus|truck|pit|full|can'?t|cannot|make it|pain|ok to|okay to|pain to|it to)"
    r"[ -]stop(?:s|ped)?\b(?! (?:text|send|messag))|\bwhy did the texts? stop\b"
)
# Perhaps not for us, perhaps a wish to be left alone: a person looks, and nothing is sent meanwhile.
DOUBTFUL = re.compile(
    # Spelled out, drawn out, and by ear.
    r"^[vb]asta+$|^h?al+to+$|\bhart[oa]s? (?:con|de) (?:esto|sus|tanto)\b|\bno conozco (?:a )?(?:esa|esta|su|ninguna) (?:clinica|oficina)\b|\b(?:aqui|este) no es\b(?=.*\bclinica\b)"
    r"|^a l t o$|^s t o p$|\bn[uo]mero (?:ekivoc|equiboc|ekiboc)ad[oa]\b|\bno (?:kiero|qiero|kero) (?:mas|ke|q|que)\b(?=.*\b(?:te[xs]tos?|mensa[jg]es?|msjs?|sms)\b)"
    r"|\b(?:quit|borr|saqu|elimin)\w* (?:mi|este) (?:cel\w*|telefono|tel|numero|nombre)\b|\bdej\w+ de (?:fregar|joder|chingar|fastidiar|moler)\b"
    r"|\bno (?:me )?(?:esten?|anden?) (?:jodiendo|fregando|chingando|fastidiando|moliendo)\b|\b(?:este|el|mi) (?:numero|cel\w*|telefono) (?:ahora|ya) (?:es mio|lo tengo yo|no es)\b"
    r"|\b(?:que )?(?:ya )?no (?:me )?(?:quiero (?:que|q|k) (?:me )?)?llegu\w+ (?:mas |estos |esos |los |sus )*(?:textos?|mensajes?|msjs?|sms|recordatorios?)\b"
    r"|\bno (?:les? )?(?:di|he dado|autorice|dimos) (?:mi )?(?:permiso|autorizacion|consentimiento)?(?=.*\b(?:textos?|mensajes?|mand\w+|escrib\w+)\b)"
    r"|\b(?:par[ae]n?le|parele)s? (?:ya )?(?:con|a) (?:los |sus |esos )?(?:mensajes?|textos?)\b|"
    r"\bstop+\b|\bwrong (?:number|person|phone|#)(?!\w)|\bnot interested(?: in (?:this|these|texts))?$"
    rf"|\b(?:too many|(?:so |im |i am )*(?:sick|tired) of|knock it off with|no need for)(?: all| the| these| those| your| of)* (?:{TEXTS})\b"
    r"|\b(?:take|get|remove) (?:me|us|my (?:phone |cell )?number) (?:out of|off|from)(?: of)? (?:the|your|this|ur) (?:\w+ )?(?:system|list|database|program)\b"
    r"|\b(?:i )?(?:want|get) off (?:of )?(?:this|the|your) (?:\w+ )?list\b|\bremove me(?! from)\b"
    r"|\b(?:borr|saqu|quit|baj|elimin)\w*(?:me|nos) de (?:la|su|esta|este|el) (?:lista|sistema|programa)\b|^desuscrib\w+"
    r"|\bdon'?t want any ?more of (?:these|this|them)\b|\b(?:don'?t|do not|dont) (?:need|have) to text me\b"
    r"|^(?:ya )?no (?:me )?(?:escriban|manden nada|envien nada|esten molestando|molesten)\b|\bno esten molestando\b"
    r"|\bdejar de (?:recibir|mandar\w*|enviar\w*) (?:\w+ )?mensajes\b|\bcomo (?:cancelo|paro|quito|detengo) (?:los|estos|sus) mensajes\b"
    r"|\b(?:no longer|don'?t|do not) (?:want|wish) to participate\b|\b(?:done|finished|through) with (?:the|this|your) program\b"
    r"|\bnot interested in (?:the|this|your) program\b|^i want to cancel$|\bya no quiero participar\b|\bme quiero salir\b"
    r"|\bnever (?:signed up|asked) for (?:this|these|it)\b|\bharass\w*\b|\bnot the patient\b"
    r"|\b(?:don'?t|do not|no longer) want to (?:be (?:a )?(?:part of|in)|do|continue|keep doing) (?:this|the program|your program|it) ?(?:program|any ?more)\b"
    r"|\bdidn'?t ask for (?:this|these)\b|\bif you keep (?:texting|messaging)\b|\bno need to text(?: me)?\b|\byou text (?:me )?too (?:much|often)\b"
    r"|\bleave (?:me out of (?:this|it)|(?:the|this|your) program)\b|\bdrop me from\b|\bnot interested any ?more\b|^(?:i'?d|i would) like to cancel$"
    r"|^i'?m out$|^we'?re done(?: here)?$|\bno thank(?:s| you) to (?:the )?texts\b|^go to hell$|^f off$|^(?:mute|block)$|\bquit w(?:ith)? the texts\b|\bcut it out with\b"
    r"|\b(?:he|she) (?:doesn'?t|does not|no longer) lives? here\b|\bsold (?:this|that|the|my) phone\b|\bya no es (?:de|su|mio|el numero)\b"
    r"|\bno me esten (?:mandando|escribiendo|molestando)\b|\bching(?:uen|ar|ando)\b|\bquit\w*(?:me|nos) del (?:sistema|programa|listado)\b|\bquiero salir(?:me)?\b"
    r"|\bno (?:deseo|quiero) seguir (?:recibiendo|con esto|en (?:el|este) programa)\b|\bno (?:me interesa|quiero estar en) (?:el|este|su) programa\b"
    r"|\bcomo dejo de recibir\b|^(?:desinscribir\w*|optar por no|parem)$|\bya estuvo bueno\b"
    r"|\bnumber (?:now )?belongs to (?:someone|somebody|another)\b|\bse equivoco de persona\b|^esta equivocad[oa]$"
    r"|\b(?:my|our|mi|nuestr[oa]) (?:mom|mother|dad|father|wife|husband|son|daughter|brother|sister|mama|papa|madre|padre|espos[oa]"
    r"|marido|hij[oa]|herman[oa]) (?:has |just )?(?:died|passed(?: away)?|fallecio|murio|ha fallecido)\b"
    r"|\bthis is spam\b|^spam$|\bunwanted\b|^no thank(?:s| you)$|\b(?:not|isn'?t) my (?:number|phone)$"
    r"|^(?:please )?go away$|\bnumero (?:equivocado|incorrecto)\b|\bse equivoco de numero\b|\bno me interesa$"
    r"|^no gracias$|\bno me (?:escriban|manden|envien)\b(?! al)|\bpersona equivocada\b|^equivocado$|\bno es mi numero\b|\bnew owner\b"
    r"|\b(?:enough|sick|tired) of (?:this|these|you|it|your texts?|the texts?)$|\bi(?:'?m| am) done with"
    r" (?:this|these|you)$|\bhart[oa] de (?:esto|sus|estos mensajes)\b|\bno longer (?:a )?patient\b"
    r"|\bya no soy paciente\b|^not me$"
    r"|\b(?:he|she|ella|el) (?:passed away|died|fallecio|murio)\b|^enough(?: already)?$|^suficiente$"
    r"|^(?:ya )?no quiero(?: mas)?$|^ya no$|\b(?:end|cancel|quit) (?:this|it|these|all|me|everything|service|the program)$"
    r"|^(?:i want to )?quit$|^i quit(?: (?:this|these|it|the program|the texts?))?$|\b(?:cancel\w*|par[ae]n?|quit[ae]\w*|termin\w*) (?:esto|eso|todo)\b|\bi don'?t want (?:this|these|it)(?: anymore)?$|\bfuck off\b|\bscrew you\b"
    r"|^(?:baja|fin|salir|anular|terminar|cancela|cancele|cancelen|quiero (?:salir|cancelar)|detenga|ya estuvo"
    r"|parale|parenle|delete|withdraw|deactivate)$|\bdo(?:n'?t| not) call\b(?:$| me| us)|\bstop calling\b"
)
# "Sorry, wrong number, 4" corrects a score.
A_SLIP = re.compile(r"\bwrong number\b|\bmy number\b|\bnumero equivocado\b")
# A wish that is longer than this is found in one of its clauses.
LONGEST_WHOLE = 400
CLAUSE = re.compile(r"[.,;!?]+\s*|\b(?:but|pero|just|and|y)\b")


# START in more words.
STARTS = re.compile(
    r"^(?:please )?start (?:texting|messaging|sending|the texts?|texts?|messages?)(?: me)?(?: (?:texts|messages))?(?: again)?$"
)


def is_opt_in(words: str) -> bool:
    """Whether `words` (from `plain`) ask for the texts again."""
    return one_word(words) in OPT_IN or STARTS.match(bare(words)) is not None


def one_word(words: str) -> str:
    """`words` as one keyword: courtesy, blanks and hyphens gone ("Stop all, please" is "stopall")."""
    kept = POLITE.sub(" ", words)
    return re.sub(r"[^a-z]", "", bare(kept)) if not re.search(r"\d", kept) else ""


def asks_to_start(words: str) -> bool:
    """Whether `words` (from `plain`) ask for texts by a word that means nothing else."""
    return one_word(words) in START


def asks_a_person(words: str) -> bool:
    """Whether `words` (from `plain`) ask for help as one asks a person, not as a keyword does."""
    return one_word(words) in HELP_ME


def is_opt_out(words: str) -> bool:
    """Whether `words` (from `plain`) revoke consent in any reasonable wording."""
    words = AT_THE_WHEEL.sub(" ", words)
    keyword = re.sub(r"^(stop+)+$", "stop", one_word(words))
    beside_a_score = A_SCORE_BESIDE.sub("", words)
    if beside_a_score != words and one_word(beside_a_score) in OPT_OUT:
        return True
    is_alone = len(bare(POLITE.sub(" ", words)).split()) <= 1
    if keyword in OPT_OUT and (is_alone or keyword not in SLIPS):
        return True
    if re.search(r"\d", words) and NO_MORE.search(words):
        return False  # "3 no mas" is "just a 3"
    asks_why = "?" in words and re.search(r"\bno (?:text|message|texts|messages)\b", words)
    if asks_why or QUALIFIED.search(words):
        return False
    return any(_ends_texts(clause) for clause in _clauses(words))


# A wrong number without the word.
WRONG_NUMBER = re.compile(r"\bwrong (?:#|nu?m?\b|no\b\.?\W*$)")
# "I'm not Maria": somebody else has the phone. A capital tells a name from "better".
NOT_THE_PATIENT = re.compile(
    r"\b(?i:(?:i['’´`]?m|i am|this is) not|this isn['’´`]?t|no soy) ([A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)\s*[.!]?\s*$"
)
# "4. stop": a score takes no opt-out away; "cancel 5" has no stop between, and may be anything.
A_SCORE_BESIDE = re.compile(r"^\W*\d{1,2}(?:/10)?\s*[.,;!]+\s*|\s*[.,;!]+\s*\d{1,2}(?:/10)?\W*$")
AT_THE_WHEEL = re.compile(r"\btext(?:ing)? (?:and|while|or|&) driv\w*")
NO_MORE = re.compile(r"\bno mas\b")


def is_doubtful(words: str, said: str = "") -> bool:
    """Whether `words` may be a wish to hear no more, or come from somebody else. `said` is the text
    with its capitals.
    """
    if _is_said_by_another(said) or _is_stop_elsewhere(said):
        return True
    has_number = re.search(r"\d", words) is not None
    if WRONG_NUMBER.search(words) and not has_number:
        return True
    better = mended(words)
    if better != words and is_opt_out(better):
        return True
    if has_number and A_SLIP.search(words):
        return False
    # Mostly the same clauses, and each is looked at once.
    return any(map(_is_doubtful, dict.fromkeys([*_clauses(words), *_clauses(better)])))


def _is_doubtful(clause: str) -> bool:
    goes_on = (NEGATED, ABOUT_THE_FOOT, REPORT)
    ends = DOUBTFUL.search(clause) or may_end(clause) or _ends_texts(clause)
    return bool(ends) and not any(pattern.search(clause) for pattern in goes_on)


def _is_said_by_another(said: str) -> bool:
    """ "I'm not Maria": a name, where the capitals tell one."""
    named = None if said.isupper() else NOT_THE_PATIENT.search(said)
    return named is not None and not _is_no_name(named[1])


def _is_stop_elsewhere(said: str) -> bool:
    return "\N{OCTAGONAL SIGN}" in said or said.strip(" .!").casefold() in STOP_ELSEWHERE


def _is_no_name(word: str) -> bool:
    plain_word = plain(word)
    return plain_word in NO_NAMES or plain_word in AROUND_A_SCORE


def mended(words: str) -> str:
    """`words` with what is one edit away from a word of an opt-out as that word."""
    return " ".join(_mend(word) for word in words.split())


@lru_cache(maxsize=4_096)
def _mend(word: str) -> str:
    letters = re.sub(r"[^a-z0]", "", word)
    if letters in STANDS_FOR:
        return STANDS_FOR[letters]
    if len(letters) < 3 or len(letters) > 12 or letters in REAL_WORDS or letters in OPT_OUT:
        return word
    targets = MENDED + (("stop", "quit", "cancel") if len(letters) <= 6 else ())
    return mended_to(letters, targets) or word


def _ends_texts(clause: str) -> bool:
    return bool(PHRASES.search(clause) and not NEGATED.search(clause) and not REPORT.search(clause))


def _clauses(words: str) -> list[str]:
    """The parts of `words` between stops and conjunctions, and the whole, with and without courtesy."""
    pieces = [*CLAUSE.split(words), *([words] if len(words) <= LONGEST_WHOLE else [])]
    pieces += [" ".join(POLITE.sub(" ", piece).split()) for piece in pieces]
    return list(dict.fromkeys(part for part in map(bare, pieces) if part))
