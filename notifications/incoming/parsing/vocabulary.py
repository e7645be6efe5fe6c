"""The words that may stand around a score without making it something else. Data.

In the form of `plain`, without apostrophes. English and Spanish together: people mix them.
"""

from __future__ import annotations

import re


def words_of(listed: str) -> frozenset[str]:
    """The words of a list that is written as a line."""
    return frozenset(listed.split())


# Whole phrases of courtesy: taken out before anything is read.
COURTESY = re.compile(
    r"\b(?:good (?:morning|afternoon|evening|day|night)|buen(?:os|as)? (?:dias?|tardes|noches)"
    r"|have a (?:nice|good|great|blessed)(?: \w+)?|que tenga (?:un )?buen dia|thank you(?: (?:so|very) much)?(?: (?:god|lord|all))?"
    r"|thanks(?: (?:so|very) much| a lot| again)?|muchas gracias|mil gracias|gracias a (?:la )?(?:dios|diosito|virgen\w*)|bendito(?: sea)? dios|dio?s?(?: (?:te|lo|la|los|las|le|les|me))* bendiga\w*|primeramente dios|si dios quiere"
    r"|con el favor de dios|praise (?:god|the lord)|thank the lord|thank god|god bless(?: you)?|have a good one|gracias por preguntar|thanks for (?:asking|checking(?: in| on me)?)"
    r"|how are you(?: \w+)?|como (?:esta|estan)|hope (?:you are|youre|all is) well|just saw this|sorry (?:for|about) (?:the |my )?(?:delay|(?:late|delayed|slow) (?:reply|response|answer|text))|sorry (?:i'?m |im )?late"
    r"|perdon por la (?:demora|tardanza)|disculpe la palabra|pardon my french|(?:la )?(?:mera|pura) verdad|la verdad|a decir verdad|to be honest|tbh|saludos(?: a (?:la |el )?(?:dra?|doctora?))?|regards|by (?:the )?(?:god'?s? |lord'?s? )?grace(?: of god)?|inshallah|mashallah|alhamdulillah|touch wood|knock on wood|kind(?:est)? (?:regards|wishes)|best wishes|kisses|hugs|lol|haha+|jaja+|ja ja)\b"
)

# When a first step is; it is what we ask about.
ON_WAKING = re.compile(
    r"\b(?:when (?:i )?(?:get|got|getting|woke|wake|waking)(?: up)?(?: out of bed)?|getting (?:up|out of bed)|(?:up)?on waking(?: up)?"
    r"|(?:after|when) (?:i )?w[oa]k(?:e|ing)(?: up)?|out of bed|first thing|al (?:levantarme|despertar(?:me)?|pararme|(?:bajar|bajarme)(?: de la cama)?)"
    r"|al (?:dar el )?primer paso|al (?:pisar|apoyar|poner)(?: (?:el|los) pies?)?(?: en el (?:piso|suelo))?|recien (?:levantad[oa]|despiert[oa]|parad[oa])|stepping (?:out of bed|down)"
    r"|cuando me (?:levante|levanto|desperte|despierto|pare)|at first|al principio)\b"
)
# An answer that is taken back in the same breath.
TAKEN_BACK = re.compile(
    r"\b(?:no,? wait|wait,? no|just kidding|jk|not really|maybe (?:more|less|higher|worse|even)|or (?:worse|maybe|more|higher|\w+er)"
    r"|o (?:tal vez|quizas|mas|peor|menos)|tal vez mas|quizas mas|no es cierto|es broma|never ?mind|on second thought|i don'?t know|no se)\b"
)
HEDGES = re.compile(
    r"\bi (?:think|guess|would say|suppose|believe|reckon)\b|\bif i had to (?:say|guess)\b|\bnot (?:too |so |very )?(?:good|great|bad|fun|terrible)\b|\bno (?:muy|tan) (?:bien|bueno|mal)\b"
    r"|\b(?:casi|cas) nada\b|\bhardly (?:any|anything|at all)\b|\bbarely (?:anything|there|any)\b|\bay+ (?:dios\w*|no|nomas)\b"
)

_GREETING = (
    "hi hello hey hiya hola morning yo ok okay k alright well um uh hmm so oh ah yes yeah yep si claro sure"
    " please pls plz thanks thank thx ty tks gracias por favor sorry perdon perdone disculpe disculpa oops"
    " dr doc doctor doctora team everyone all sir maam miss amigo amiga god dios bless you lol haha"
    " dear hon honey sweetie buddy friend folks guys yall jefe jefa don dona seno senor senora senorita mija mijo amor mi corazon carino"
    " diosito virgencita virgen bendito bendita hijole pues pos pus bueno oiga oigan fijese mire miren reporting reportando reporto checking"
)
_HEDGE = (
    "about around maybe perhaps probably prob like roughly approximately approx only just solo solamente nomas"
    " como alrededor unos unas quizas tal vez creo pienso diria dire digo que yo i id ill would say call rate rating put"
    " give think guess feel feels feeling lets let it as a an un una uno el la los of de del or so ish easily solid strong"
    " honestly actually really little slightly apenas apenitas nomasito mas menos kinda kind sort pretty close to up down went go goes going"
    " bajo subio sube baja quedo anda ando sigo sigue seguimos todavia aun still again otra vez hasta i'd were gonna going pues q sea seria few back here levante levanto"
    " at sitting sat hovering hover clocking coming came holding hold steady stuck hanging landed landing logging mark marking down looks looking seems"
    " settled dropped crept jumped rose climbed eased improved stayed staying remains remained been currently definitely"
    " basically roughly tops max full ahi ahorita andamos andaba amanecimos mantiene mantengo quedado bajado subido llega llego pondria pondre diria"
    " ya se poner tirandole digamos seria ha he haber ser ta toy tamos va voy vamos poquito tantito tirando como por siempre mismo misma lo"
)
_SUBJECT = (
    "pain pains dolor dolores level nivel score number numero my mi the its is was am im be es era fue esta estan estoy"
    " esto este me tengo tuve tenia doy pongo le marco amaneci amanecio amanece desperte con en today todays hoy now ahora ahorita this"
    " manana mornings tonight tonights nights evening noche tarde day dia right left izquierdo izquierda derecho derecha side lado"
    " heel heels foot feet talon talones pie pies step steps first 1st primer primeros primero pasos walking paso"
    " hurts hurt hurting duele dolio doliendo answer respuesta reply update check checkin in on at for para per out"
    " average promedio overall general knee rodilla ankle tobillo arch arco calf worst scale escala puntos puntitos punto numerito calificacion del cero morning"
)
_CORRECTION = (
    "correction correccion corrijo corregir mean meant i meant quise quiero decir change cambie cambio make should debe debio ser"
    " wrong wrote equivoque equivocado error mistake typo fix it that one real actual instead better right"
)
_FEELING = (
    "ouch ow oww ugh ay uf uff yikes omg wow yay sadly unfortunately lamentablemente afortunadamente luckily finally por fin"
    " bad terrible horrible awful rough stiff sore tight tender rigido rigida tieso adolorido adolorida muy mucho bastante very quite"
    " super fuerte fuertes leve intenso intensa severo severa feo fea ever high higher low tired cansado cansada same igual worse peor mejor good great fine bien mal cabron cabrona gacho gacha canijo canija pesado pesada dificil soportable tolerable manageable bearable"
    " giving gave ponle pongale vale parce parcero pana compa nene manito vecina vecino comadre compadre bloody damn damned freaking frigging flipping effing fucking madam mam po mate cheers luv love mornin morn"
    " ayy ayyy ayayay auch augh sheesh dang darn geez whew"
)
AROUND_A_SCORE = frozenset(
    " ".join((_GREETING, _HEDGE, _SUBJECT, _CORRECTION, _FEELING)).replace("'", "").split()
)
# Courtesy and joints, which tell nobody anything by themselves.
_JOINTS = "you de nada nope favor or and y o to the a no"
SAY_NOTHING = frozenset(" ".join((_GREETING, _JOINTS)).split())
_COMMANDS = (
    "done did finished complete completed all it them my exercises exercise hecho hice hecha listo lista ya ejercicios los las"
    " skip skipped not pass hoy saltar later luego despues tarde mas in hour hours hora horas minutes minutos min mins am pm pause pausa"
    " for days day dias dia week weeks semana semanas until hasta resume seguir continuar undo deshacer borrar back take"
    " stop stopall unsubscribe cancel end quit revoke optout opt out alto parar baja texting text texts message messages mensaje mensajes"
    " me send sending sms mandar mande enviar escribir start unstop help info ayuda"
)
_REASONS = "no time pain forgot sure how other tiempo tuve dolor olvide se olvido otro motivo"
# The words of our commands and of the reasons we offer, as people write around them.
OF_COMMANDS = frozenset(" ".join((_COMMANDS, _REASONS)).split())
# Behind a number that was written as a word: "two sore feet" counts feet.
AFTER_A_WORD = frozenset(
    [
        "today",
        "hoy",
        "now",
        "ahora",
        "ahorita",
        "this",
        "esta",
        "please",
        "pls",
        "thanks",
        "thank",
        "gracias",
        "pain",
        "dolor",
        "level",
        "again",
        "otra",
        "ish",
        "about",
        "mas",
        "menos",
        "puntos",
        "senora",
        "senorita",
        "senor",
        "doctora",
        "doctor",
        "mija",
        "bendito",
        "or",
        "lol",
        "ok",
        "maybe",
        "i",
        "creo",
        "yo",
        "por",
        "sorry",
        "perdon",
        "for",
        "para",
        "in",
        "en",
        "at",
        "out",
        "still",
        "solo",
        "solamente",
        "nomas",
        "no",
        "de",
        "right",
        "left",
    ]
)
# Right behind any number these make it a count or begin a tale.
NEVER_AFTER = frozenset(
    [
        "i",
        "it",
        "its",
        "that",
        "my",
        "so",
        "with",
        "con",
        "and",
        "y",
        "more",
        "less",
        "to",
        "go",
        "of",
        "el",
        "la",
        "los",
        "las",
        "the",
        "a",
        "an",
        "un",
        "una",
        "were",
        "all",
        "day",
        "days",
        "dia",
        "dias",
        "good",
        "great",
        "fine",
        "bien",
        "mal",
        "step",
        "steps",
        "pasos",
        "paso",
        "feet",
        "heels",
        "talones",
        "pies",
        "knees",
        "walking",
        "times",
        "is",
        "was",
        "am",
        "im",
        "me",
        "mi",
        "would",
        "say",
        "en",
    ]
)


def says_something(behind: str) -> bool:
    """Whether what stands behind the score is for a person of the clinic to read."""
    left = [word.replace("'", "") for word in re.findall(r"[a-z'ñ]+", behind)]
    return any(word not in AROUND_A_SCORE for word in left) or bool(_TELLS.search(behind))


_TELLS = re.compile(
    r"\b(?:hurts?|duele|stiff|sore|tight|tender|rigid[oa]|ties[oa]|ouch|ow|ugh|ay|yikes|omg|wow|left|right|izquierd[oa]|derech[oa]"
    r"|sadly|unfortunately|still|bad|terrible|horrible|awful|worse|peor|igual|same)\b"
)
