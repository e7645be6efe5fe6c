"""The words of red flags: groups of words, which two stand near each other, and phrases. Data.

All in the form of `plain` without apostrophes: lower case, no accents. English and Spanish together:
people mix them, and in Mexican Spanish *inflamado* is the usual word for swollen.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notifications.incoming.parsing.edits import mended_to

GROUPS: dict[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in {
        "chest": r"chest|pecho|torax",
        "breath": r"breath\w*|respir\w*|aire|aliento",
        "blood": r"blood|bloody|sangre",
        "cough": r"cough\w*|tos|tosi\w*|toso|tosiendo",
        "calf": r"calf|calve|calves|pantorril+as?|pantorriyas?|chamorros?|gemelos?|batatas?",
        "leg": r"legs?|piernas?|thigh|muslo",
        "foot": r"heels?|foot|feet|toes?|ankles?|arch|soles?|talon(?:es)?|pies?|dedos?|tobillos?|plantas?"
        r"|achilles|aquiles|shin|tendon|toenail|una",
        "throat": r"throat|airway|garganta",
        "skin": r"skin|piel",
        "knee": r"knees?|rodillas?|kneecap|rotula",
        "face": r"face|eyes?|ojos?|eyelids?|throat|tongue|lips?|cara|garganta|lengua|labios?",
        "water": r"bladder|bowels?|pee|peeing|urine|urinate|poop|stool|vejiga|orina|orinar|intestinos?|esfinter",
        "groin": r"groin|saddle|crotch|genitals?|privates|entrepierna|ingle|genitales",
        "swollen": r"swell\w*|swoll?en|swollwn|swolen|puffy|ballooned|hinch\w*|inchad\w*|inflam(?:ad\w*|o|aron|acion|ed)|inflo|inflad\w*",
        "bigger": r"gord[oa]s?|fatter|shiny|brillos[oa]s?",
        "warm": r"warm|hot|caliente\w*|red|reddish|roj[oa]s?|colorad[oa]s?",
        "lump": r"lump|bump|bulto|bola|bolita|knot",
        "chest_pain": r"pain\w*|standing|sitting|elephant|hurt\w*|ach(?:e|es|ing|ey)|tight\w*|pressure|heavy|heaviness|squeez\w*|crush\w*"
        r"|stabb\w*|burn\w*|discomfort|killing|pian|dolor\w*|duel\w*|dolio|dolido|doli[ae]|apriet\w*|apret\w*|oprim\w*|opres\w*"
        r"|presion|pesad\w*|peso|punzad\w*|arde|ardor|quema\w*",
        "no_breath": r"cant|cannot|couldnt|hard|harder|trouble|difficult\w*|struggl\w*|short|shortness|hurts?"
        r"|painful|gasp\w*|laboring|labored|cuesta|costando|costo|dificultad|falta\w*|duele|trabajo|apenas|puedo",
        "closing": r"clos\w*|cerr\w*|cierr\w*",
        "lost": r"lost|losing|lose|loss|control|leak\w*|accidents?|cant|cannot|couldnt|hold|numb\w*|perdi\w*"
        r"|aguant\w*|control\w*|puedo|weak",
        "numb": r"numb\w*|nubm\w*|numness|nujb|entum\w*|adormec\w*|dormid[oa]s?|durmio|durmieron|duerm[ae]\w*|insensible\w*",
        "broken": r"broken|broke|fractur\w*|quebr\w*|rot[oa]s?|rompi\w*",
        "open": r"broken|broke|open\w*|raw|peel\w*|crack\w*|torn|tore|off|split\w*|abiert\w*|rot[oa]s?|pel(?:o|a|ando|ada)"
        r"|agriet\w*|irritad\w*|levant\w*|came|coming",
        "cold": r"cold|freezing|frios?|frias?|helad[oa]s?|congelad[oa]s?",
        "pale": r"white|pale|blue|bluish|purple|grey|gray|numb|palid[oa]s?|blanc[oa]s?|azul\w*|morad[oa]s?|gris",
        "black": r"black|blue|bluish|purple|negr[oa]s?|morad[oa]s?|azul\w*",
        "locked": r"lock(?:s|ed|ing)?|gave|gives|giving|buckl\w*|stuck|catch(?:es|ing)|trab\w*|bloque\w*|doblo|dobla"
        r"|vencio|vence|fallo|falla|safo|zafo",
        "burning": r"burn(?:s|ing|ig|ed)?|arde\w*|ardor|quema\w*",
        "body": r"pain|it|its|heels?|foot|feet|toes?|ankles?|arch|soles?|legs?|calf|knees?|skin|talon|pie|pies|dedos?"
        r"|tobillo|planta|pierna|pantorrilla|rodilla|dolor|me",
        "cut": r"cut|cortada|cortad[oa]|corte|gash|scrape|raspon",
        "side_face": r"face|cara|boca|mouth|arm|brazo",
        "droop": r"droop\w*|numb|weak|caid[oa]|chueca|torcida|dormid[oa]|adormecid[oa]|paralizad[oa]",
    }.items()
}


# Long words of signs, and words that are as near and mean something else.
MENDED = (
    "numb", "chest", "swollen", "swelling", "breath", "breathe", "breathing", "suicidal", "suicide", "fever", "blister",
    "blisters", "numbness", "tingling", "weight", "pantorrilla", "hinchada", "hinchado", "respirar", "hormigueo",
    "fainted", "fracture", "infection", "infected", "fiebre", "palpitations",
)  # fmt: skip  # a list
REAL_WORDS = frozenset(
    [
        "dumb",
        "numbs",
        "number",
        "never",
        "fewer",
        "fiver",
        "lever",
        "sever",
        "ever",
        "fevers",
        "eight",
        "height",
        "weights",
        "freight",
        "cheat",
        "chess",
        "chests",
        "chefs",
        "breathed",
        "breaths",
        "breadth",
        "blisters",
        "blistered",
        "sweeping",
        "smelling",
        "spelling",
        "dwelling",
        "welling",
        "telling",
        "tinkling",
        "mingling",
        "singling",
        "jingling",
        "inflection",
        "breathes",
        "infect",
        "infects",
        "hinchadas",
        "hinchados",
        "respira",
    ]
)


@lru_cache(maxsize=8_192)
def mend(word: str) -> str:
    """A word with one slip of the thumb in a long word of a sign as that word."""
    letters = re.sub(r"[^a-zñ]", "", word)
    known = (
        len(letters) < 4 or letters in REAL_WORDS or letters in MENDED or bool(groups_of(letters))
    )
    if known:
        return word
    right = mended_to(letters, MENDED)
    return word if right is None else word.replace(letters, right)


@lru_cache(maxsize=8_192)
def groups_of(word: str) -> tuple[str, ...]:
    """The groups a word belongs to."""
    return tuple(name for name, pattern in GROUPS.items() if pattern.fullmatch(word))


# A sign, two groups, and how many words may stand between them, in any order.
NEAR: tuple[tuple[str, str, str, int], ...] = (
    ("heart_or_lung", "chest", "chest_pain", 6),
    ("heart_or_lung", "breath", "no_breath", 3),
    ("heart_or_lung", "blood", "cough", 6),
    ("clot", "calf", "swollen", 7),
    ("clot", "calf", "warm", 4),
    ("clot", "calf", "lump", 3),
    ("clot", "leg", "swollen", 4),
    ("clot", "leg", "bigger", 5),
    ("clot", "calf", "bigger", 5),
    ("clot", "leg", "warm", 5),
    ("allergy", "face", "swollen", 3),
    ("allergy", "throat", "closing", 3),
    ("cauda_equina", "water", "lost", 3),
    ("cauda_equina", "groin", "numb", 3),
    ("stroke", "side_face", "droop", 2),
    ("fracture", "foot", "broken", 3),
    ("infection", "foot", "warm", 3),
    ("infection", "foot", "swollen", 4),
    ("skin", "skin", "open", 3),
    ("skin", "foot", "cut", 3),
    ("vascular", "foot", "black", 3),
    ("vascular", "cold", "pale", 4),
    ("knee", "knee", "locked", 4),
    ("knee", "knee", "swollen", 4),
    ("nerve", "burning", "body", 4),
)

# Taken out first: a warm-up is not warm, a roller may be red, ice makes numb.
NO_SIGNS = re.compile(
    r"\b(?:(?:felt|feels?) (?:nice and |so |really )?warm and (?:nice|good|loose)|tattoos?\b[^.]{0,40}|numb from (?:the )?(?:dentist|ice|shot|injection)|out of breath (?:from )?(?:laughing|dancing|running)|(?:band|ball|strap|balloon|bubble) popped|hot (?:today|out|day|weather|sauce|salsa|dog)|red hot (?:salsa|sauce)|(?:comida|salsa) picante[^.]{0,40}|visiting (?:my )?\w+ (?:in|at) the hospital|less swollen|(?:nearly|almost) (?:had|gave me|died of) a (?:\w+ )?heart attack|cold feet about|(?:hot|cold|warm) feet in (?:these|my|the|those)|(?:brain|mind|head|bum|butt) (?:is |was |went |feels )?numb (?:from|after|with)|(?:lost|losing|down) (?:\w+ ){0,4}(?:lbs?|pounds|stone|kilos?|weight) (?:on|with) (?:slimming|weight|ww|a diet|the diet|keto|my diet|a new)\w*|giv(?:es|ing|en) me (?:a |an )?(?:heart attack|stroke|hives|fever)|(?:faint\w*|pass\w* out|desmay\w*|die|died) (?:from|of|de) (?:la |the |pura |sheer )?(?:joy|happiness|laugh\w+|shock|emocion|alegria|risa|felicidad|gusto)|laugh\w* so (?:hard|much)[^.]{0,30}(?:breath\w*|pee\w*)|(?:shoes?|socks?|straps?|boots?|insoles?|bag|shirt|pants|jeans|plantillas?|zapatos?|tenis|correa|calcetin\w*) (?:\w+ ){0,6}(?:torn|tore|ripped|snapped|broken?|hole|hoyo|rot[oa]s?|rompi\w+|popped|revent\w+)|casi (?:me )?(?:da|dio|muero de) (?:el |un )?infarto|aunque no haya \w+|me muero de\b|(?:un)?warm(?:ed|ing)? ?ups?|warming up|(?:hot|warm|cold|ice) (?:bath|shower|pack|packs|water|tub|compress|towel|soak|bottle|tea|coffee|day|weather|outside|snap|front)"
    r"|heat(?:ing)? pad|(?:red|blue|black|purple|green|yellow|hot|cold|white) (?:roller|cup|band|bands|ball|pad|strap|tape|light|sox|shoes?|theraband|bottle)"
    r"|(?:heel|foot|arch|knee) (?:roller|cup|cups|pad|pads|bath|brace)|anti ?inflammatory|antiinflamatorio|numb(?:ing)? (?:from|after|with) (?:the )?(?:ice|icing|cold|bottle|frozen)"
    r"|burn(?:ing|s)? (?:calories|questions?|rubber|out)|electric (?:blanket|scooter|bike|toothbrush|car|bill)|power snap|heart burn)\b"
)
DIABETES = re.compile(r"\b(?:diabet\w*|sugar (?:disease|patient)|azucar alta|tengo azucar)\b")
# Numbness that grows: beside the sign, anywhere in the text.
FAST = re.compile(
    r"\b(?:spread\w*|climb\w*|creep\w*|(?:mov|go|com|travel+)ing (?:up|higher)|worse (?:and worse|by the|every|each|fast|since)"
    r"|(?:really |very |so |too )?fast|quickly|rapidly|by the (?:hour|minute)|all of a sudden|suddenly|sub(?:e|iendo|io)"
    r"|avanz\w*|extend\w*|extiend\w*|cada vez mas|rapid\w*|de repente|de pronto|por horas)\b"
)
DENIALS = frozenset(
    [
        "no",
        "not",
        "never",
        "nothing",
        "neither",
        "nor",
        "without",
        "isnt",
        "wasnt",
        "arent",
        "werent",
        "dont",
        "didnt",
        "havent",
        "hasnt",
        "doesnt",
        "wont",
        "aint",
        "none",
        "sin",
        "nunca",
        "ningun",
        "ninguna",
        "ni",
        "tampoco",
        "nada",
        "any",
    ]
)
FILLERS = frozenset(
    [
        "any",
        "more",
        "real",
        "much",
        "longer",
        "a",
        "an",
        "the",
        "my",
        "your",
        "have",
        "had",
        "having",
        "has",
        "feel",
        "feeling",
        "felt",
        "get",
        "getting",
        "got",
        "really",
        "of",
        "been",
        "be",
        "seen",
        "see",
        "signs",
        "sign",
        "other",
        "further",
        "new",
        "kind",
        "sort",
        "longer",
        "anymore",
        "even",
        "notice",
        "noticed",
        "noticing",
        "experiencing",
        "experienced",
        "is",
        "are",
        "was",
        "it",
        "there",
        "tengo",
        "hay",
        "siento",
        "he",
        "me",
        "se",
        "mi",
        "el",
        "la",
        "los",
        "las",
        "esta",
        "estan",
        "un",
        "una",
        "tenido",
        "sentido",
        "mas",
        "de",
        "ha",
        "notado",
        "veo",
        "visto",
        "ningun",
        "ninguna",
        "tan",
        "muy",
        "very",
        "so",
        "too",
        "that",
        "all",
    ]
)
# Words that stand in a list of signs: "no numbness, tingling or fever".
LISTED = (
    r"(?:numb\w*|tingl\w*|burn\w*|fever|chills|swell\w*|swollen|redness|red|warm\w*|hot|bruis\w*|pain|pop\w*|blisters?|rash|wounds?|bleeding|weakness"
    r"|fiebre|calentura|hinch\w*|inflam\w*|hormigueo|entum\w*|ardor|dolor|moret\w*|ampollas?|heridas?|roj\w*|no|any|the|chest|breath\w*|pecho)"
)
