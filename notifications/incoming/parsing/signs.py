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
        "swollen": r"swell\w*|swoll?en|swollwn|swolen|puffy|ballooned|hinch\w*|inchad\w*|inflam(?:ad\w*|o|aron|acion|ed)",
        "warm": r"warm|hot|caliente\w*|red|reddish|roj[oa]s?|colorad[oa]s?",
        "lump": r"lump|bump|bulto|bola|bolita|knot",
        "chest_pain": r"pain\w*|hurt\w*|ach(?:e|es|ing|ey)|tight\w*|pressure|heavy|heaviness|squeez\w*|crush\w*"
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
    ("clot", "calf", "swollen", 7),
    ("clot", "calf", "warm", 4),
    ("clot", "calf", "lump", 3),
    ("clot", "leg", "swollen", 4),
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

PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{words})\b"))
    for name, words in (
        # 988: wanting to die, or to hurt oneself.
        (
            "self_harm",
            r"kill(?:ing)? my ?self|kms|(?:cant|cannot) go on (?:any ?more|living|like this)|want it (?:all )?to be over|suicid\w*|overdos\w*|(?:took|taken|take|swallowed) (?:all (?:of )?my|too many|a bunch of|the whole bottle of) (?:pills|meds|tablets)"
            r"|(?:want|wanna|wish|rather|ready|think(?:ing)? (?:about|of)|thoughts? (?:about|of)|feel like|feeling like|plan(?:ning)? (?:to|on)) (?:\w+ ){0,3}(?:dying|be dead|be gone|end(?:ing)? (?:it|it all|my life|things)|not wake up|never wake up)(?! (?:to|of|for|the|my|this|these|with)\b)"
            r"|(?:dont|do not) (?:want|wanna) (?:to )?wake up|whats the point (?:of|in) (?:living|life|going on)|(?:no|dont see (?:the|a|any)|see no) point (?:of|in) (?:living|life|going on)"
            r"|cutting my ?self|(?:nobody|no one|noone) would (?:miss|care about) me|nadie me (?:extranaria|echaria de menos)"
            r"|(?:quisiera|prefiero|preferiria|quiero|ganas de|mejor) (?:\w+ ){0,2}(?:morir(?:me)?|muert[oa]|no despertar|no existir)(?! de)|(?:no le veo|sin) sentido a (?:la|mi) vida|no aguanto (?:mas )?(?:la|esta|mi) vida"
            r"|(?:want|wanna|wish|ready|going) (?:to )?(?:die|be dead)|wish i (?:was|were) dead"
            r"|end (?:my life|it all)|take my (?:own )?life|(?:dont|do not|not) (?:want|wanna) (?:to )?(?:live|be alive|be here) ?(?:any ?more)?"
            r"|(?:no|without a) reason to live|better off (?:dead|without me)|(?:hurt|harm|harming|hurting) my ?self on purpose"
            r"|(?:want|going) to (?:hurt|harm|cut) my ?self|self ?harm"
            r"|me quiero morir|quiero morir(?:me)?|quisiera morir(?:me)?|matarme|me voy a matar|me quiero matar|quitarme la vida"
            r"|(?:ya )?no quiero (?:seguir )?vi(?:vir|viendo)|no vale la pena vivir|hacerme dano|acabar con mi vida|mejor muert[oa]"
            r"|(?:ya )?(?:no tengo|sin|perdi (?:las|mis)|se me fueron las) ganas de (?:vivir|seguir(?: viviendo)?|nada en la vida)|(?:ya )?no le (?:veo|encuentro|hallo) (?:\w+ )?(?:caso|sentido|chiste) a (?:la|mi|esta) vida"
            r"|(?:para|pa) que (?:vivo|vivir|sigo viv\w+)|(?:ya )?no quiero estar (?:aqui|viv[oa]|en este mundo)|estaria mejor muert[oa]|no (?:longer|more) (?:want|wish) to (?:live|be here)|dont want to be (?:here|around|alive)(?: any ?more)?|tired of (?:living|life|being alive)|cansad[oa] de (?:vivir|la vida)",
        ),
        (
            "heart_or_lung",
            r"heart ?attack\w*|palpitations?|palpitaciones|taquicardia|heart (?:is |was |keeps |feels )*(?:racing|pounding|fluttering)|(?:late|corazon) (?:\w+ ){0,3}(?:muy )?rapido|tight chest(?:ed)?"
            r"|breathless\w*|winded|(?:barely|hardly) breath\w*|hyperventilat\w*|se me va el aire|infarto|ataque al corazon|out of breath|(?:catch|lose|losing) my breath|sin aire|me ahogo|ahogand\w+"
            r"|me falt[ae] (?:el )?aire|cough\w* (?:\w+ ){0,2}blood|(?:spit\w*|blood) (?:\w+ ){0,2}(?:blood|cough\w*)"
            r"|(?:tos|tosi\w*|toso|escup\w*) (?:\w+ ){0,2}sangre|sofoc\w+|suffocat\w+"
            r"|(?:no (?:puedo|puede)|(?:me|le) cuesta|cuesta) (?:\w+ ){0,2}respir\w*ar|(?:agitad[oa]|falta de aire)",
        ),
        (
            "fainted",
            r"(?:gonna|going to|about to|might|will) faint|mareo (?:\w+ ){0,5}(?:suelo|piso)|(?:i |just |almost |nearly |i have )*(?:fainted|fainting)|(?:felt|feel|feeling) (?:very |so |like )?faint"
            r"|passed out(?! (?:asleep|early|on the (?:couch|sofa)|in bed|drunk|flyers|the)\b)|pass(?:ing)? out(?! the\b)|black(?:ed|ing) out|lost consciousness|unconscious"
            r"|(?:i|have) collapsed|desmay\w+|(?:perdi|perdiendo) (?:el )?(?:conocimiento|la conciencia|el sentido)",
        ),
        (
            "clot",
            r"blood clots?|(?:a|the|have|had|has|another|this) clot|clots|dvt|coagulos?|trombosis|thrombosis|embol\w+"
            r"|(?:calf|pantorril+a|pantorriya) (?:is |feels |got |esta |se siente )?(?:rock |muy |very )*(?:hard|dura)(?! to)"
            r"|(?:calf|pantorrilla) (?:\w+ ){0,4}(?:twice|double|bigger|big|larger|huge|doble|mas grande)",
        ),
        (
            "stroke",
            r"(?:having|had|have) a stroke|worst headache|(?:cant|cannot) see (?:out of|with|from)|slurr(?:ed|ing) (?:my )?(?:speech|words)|derrame cerebral|no puedo hablar bien",
        ),
        (
            "allergy",
            r"hives|ronchas|urticaria|allergic reaction|reaccion alergica|anaphyla\w*|anafila\w*",
        ),
        (
            "cauda_equina",
            r"no (?:aguanto|controlo|puedo aguantar|puedo controlar) (?:la|el|mi) (?:orina|vejiga|intestino|esfinter)|(?:wet|peed|pooped) (?:my ?self|my pants)|me orine|me hice (?:pipi|popo)|incontinen\w+|(?:no feeling|cant feel|numb\w*) (?:\w+ ){0,4}wip(?:e|ing)",
        ),
        # Sudden pop, bruise, cannot push off.
        (
            "rupture",
            r"(?:felt|feels) like (?:someone|somebody|something) (?:kicked|hit|shot|stabbed)|kicked in the (?:back of|calf|heel)|pedrada|(?:cant|cannot|couldnt) (?:go|get|rise|stand|come) (?:up )?on (?:my |to my )?(?:tip ?)?toes"
            r"|(?:heard|hear|felt|feel|feeling|was|with) (?:a |an |something |it )?(?:loud |sudden |big )?(?:pop|snap|rip|crack|crunch|tear|tearing|ripping|popping)"
            r"|went pop|(?<!ears )(?<!ear )(?<!neck )(?<!knuckles )popped(?! (?:by|in(?! (?:my|the))|an?|some|up|into|over|out|open|popcorn|advil|pills?|two|my ears)\b)|popping sound"
            r"|(?<!band )(?<!strap )(?<!lace )snapped|(?<!cold )(?:a|sudden|loud) (?:pop|snap)(?! (?:quiz|song|decision))"
            r"|(?:tore|torn|ruptured?|ripped)(?! (?:the|open|up|out|off|jeans|paper|page|my (?:shirt|pants|jeans|shorts|ticket))\b)|a tear|br(?:ui|iu|u)s(?:e|es|ed|ing|ie)|black and blue"
            r"|(?:cant|cannot) push off|tron(?:ido|o|aron|e)|chasquido|crujido|crujio|(?:senti|escuche|oi) (?:como )?un (?:pop|golpe|crack|tiron)"
            r"|desgarr(?:o|e|ado|amiento)|moret(?:on|ones)|morete|se (?:me )?rompio(?! (?:la|el|mi)\b)",
        ),
        # Cannot bear weight, a fall.
        (
            "fracture",
            r"(?:cant|cannot|can not|couldnt|could not|can no longer|no longer able to|unable to|not able to|too painful to|(?:can )?(?:barely|hardly))"
            r" (?:even |really )?(?:walk(?! the| far| today| as| in (?:those|these|heels))|stand(?! (?:these|this|waiting|the|it|you|him|her|my (?:boss|job|mother|family|neighbor)))|(?:bear|bare) (?:any )?weight|put (?:any )?weight|step(?! away| on a scale))"
            r"|(?:cant|cannot) (?:even )?touch (?:my |the )?(?:foot|heel) to|(?:have|had|need) to crawl|crawling to|tripped|landed on my|slipped (?:off|on|and|down)"
            r"|me tropece|me resbale|no (?:aguanto|soporto) (?:\w+ ){0,4}(?:pisar|apoyar|parar\w*)"
            r"|(?<!it )(?<!ball )(?<!phone )(?<!splint )(?<!brace )(?<!tape )(?<!bottle )(?<!band )(?<!strap )(?<!score )(?<!numbers )(?<!pain )(?<!prices )"
            r"fell(?! (?:asleep|behind|short|in love|through|out of|for|back (?:on|to|into)|off (?:of )?(?:the |my |a )?(?:wagon|bandwagon|track|schedule|plan|map|radar|habit|routine)|into (?:the|a) (?:habit|routine)))"
            r"|(?:took|had|have had|having) a (?:bad |big |hard |little |small )?(?:fall|tumble|spill)|falling down|rolled my ankle|twisted my (?:ankle|foot|knee)"
            r"|(?:i think )?(?:it is|its|it may be|it might be|maybe its|is it) broken|a fracture|stress fracture|broken bone"
            r"|no (?:me )?puedo (?:ni )?(?:caminar|pararme|parar(?! de)|pisar|apoyar|poner peso|estar de pie|levantarme)|apenas puedo (?:caminar|pisar|apoyar)"
            r"|no aguanto pisar|me (?:he )?cai(?:do)?(?! de sueno| bien| mal| gordo)|casi me caigo|me caigo|(?:tuve|sufri) una caida|me quebre|se me quebro|me fracture|fractura"
            r"|me torci (?:el|mi) (?:pie|tobillo)|me doble el (?:pie|tobillo)",
        ),
        (
            "hospital",
            r"(?<!work )(?<!volunteer )(?<!shift )(?:in|at|to|from) the (?:er|emergency room|hospital|emergency)(?! visiting| to visit| shift)|(?:in|at) the emergency|urgent care|ambulance|called 911"
            r"|(?<!trabajo )en (?:urgencias|emergencias|el hospital)|sala de (?:urgencias|emergencias)|ambulancia",
        ),
        # Fever, wound, hot red swollen.
        (
            "infection",
            r"(?<!cabin )(?<!hay )(?<!spring )(?<!dance )fe(?:a)?ver(?:ish)?|chills|temp(?:erature)? (?:\w+ ){0,2}(?:10\d|38|39|40|41)|(?:38|39|40|41) (?:\w+ )?de (?:temperatura|fiebre)|(?:foot|heel|wound|toe|toes) (?:smells?|stinks?)|(?:is|are) leaking|shiver\w*|(?:pie|herida|talon|dedo) (?:me )?(?:huele|apesta)|pus|infec\w*"
            r"|wounds?|ooz\w+|drainage|draining|wont heal|bleed(?:s|ing)?|hot to (?:the )?touch|(?:hot|warm|red|swollen) (?:and )?(?:hot|red|swollen|warm)"
            r"|fiebre|calentura|escalofri\w*|tengo temperatura|heridas?|sangra(?:ndo|do)?|muy hinchad[oa]|roj[oa] (?:e|y) (?:hinchad[oa]|inflamad[oa]|caliente)",
        ),
        (
            "skin",
            r"blist(?:er|ers|ered|ering)|ampollas?|rash(?:es)?|sarpullido|welts|allergic to (?:the )?(?:tape|adhesive|splint|latex|band|glue)|alergi[ca]\w* (?:a|de) (?:la )?(?:cinta|tela|ferula)"
            r"|(?:stepped|walked) on (?:a |an |some |the |broken )*(?:nail|glass|tack|needle|screw|thorn|pin)|pise (?:un |una |unos )?(?:clavo|vidrios?|espina|aguja|tachuela)"
            r"|(?:tape|splint|brace) (?:\w+ ){0,3}(?:skin|sore|raw)",
        ),
        # Ulcer, black or cold skin.
        (
            "vascular",
            r"ulcers?|hole in my (?:heel|foot|toe|skin)|se me abrio (?:la piel|el pie|el talon)|(?:a|an|open|have a|has a|new) sore(?! (?:heel|heels|foot|feet|toes?|ankle|arch|sole|leg|skin|throat|spot|muscle|back|and|pie|calf|knee))|sores|sore that wont heal"
            r"|sore on (?:my |the )?(?:heel|foot|toe|ankle|skin|leg|sole)|turn(?:ed|ing) (?:black|blue|purple|white)|ice cold|cold as ice|ulceras?|llagas?|gangren\w*"
            r"|se me (?:puso|pone|pusieron|ponen|hizo|hicieron) (?:\w+ )?(?:negr[oa]s?|morad[oa]s?|azul(?:es)?|blanc[oa]s?|palid[oa]s?)|(?:dedos?|pie|pies) (?:\w+ ){0,4}(?:blanc[oa]s?|palid[oa]s?)|(?:muy |bien )(?:frio|fria|helado|helada)",
        ),
        (
            "weakness",
            r"(?:cant|cannot|couldnt|unable to) (?:move|wiggle|lift|raise|feel) (?:my |the )?(?:\w+ )?(?:foot|feet|toes?|ankle|leg|heel)"
            r"|(?:foot|leg) (?:is )?(?:drop|drops|dropping|dragging|drags)|drop ?foot|leg (?:is |feels |went |so |very )*weak|weak leg"
            r"|no puedo mover (?:el|los|la|mi|mis) (?:pie|dedos|tobillo|pierna)|no siento (?:el|la|los|las|mi|mis) (?:pie|pies|dedos|pierna)|(?:arrastro|se me cae) el pie|pierna (?:muy )?debil",
        ),
        # Locked, gave way, cannot straighten.
        (
            "knee",
            r"se me (?:fue|va|dobla|doblo) la rodilla|(?:leg|knee|ankle|it) (?:just )?(?:gave|gives|giving|give) (?:way|out)|(?:cant|cannot|unable to) (?:straighten|bend|extend) (?:my |the )?(?:knee|leg)"
            r"|no puedo (?:estirar|doblar|enderezar|extender) (?:la|mi) (?:rodilla|pierna)|se me (?:traba|trabo|dobla|doblo|vence|vencio) la (?:rodilla|pierna)",
        ),
        # Burning, tingling, numbness.
        (
            "nerve",
            r"(?:numb|nubm|nujb)(?:ness)?|numness|ting(?:l|el)(?:e|es|i?ng|y)|(?:still |its |it |just |so )*burn(?:ing|s)$|^burning|pins (?:and |n )?need(?:les|els)"
            r"|electric(?:al)?(?: like)? (?:pain|shocks?|zaps?|feeling|jolts?|current)|shock(?:s|ing)? (?:pain|feeling|down|up|in)|zapp?(?:ing|s)|on fire"
            r"|(?:no|lost) feeling in|(?:foot|toes|heel) (?:is |are |fell |keeps falling )*asleep"
            r"|entum\w+|adormec\w+|dedos dormidos|se me (?:duerm[ae]n?|durmio|durmieron)(?! (?:el|la|mi) (?:bebe|ni[nñ][oa]|hij[oa]|nieto|nieta|perro|gato))|[h]?ormigue\w*|hormigas|cosquilleo|ardor|arde|quemazon"
            r"|(?:toques|descargas|calambres?) electric[oa]s?|corriente en",
        ),
        (
            "night_pain",
            r"(?:pain|hurts?|aches?|throbs?|throbbing) (?:\w+ )?(?:at|in the|all|during the|every|in bed at) night|night(?:time)? pain|at night with (?:the )?pain"
            r"|(?:it|pain|heel|foot) (?:\w+ )?(?:wak(?:es|ing|en|ens)|woke) me|wakes me|woke up (?:from|with|because of) (?:the )?pain|w[ao]ke up at night|kept me up all night|(?:cant|cannot|couldnt) sleep (?:because of|from|with|due to|for) (?:the |my )?pain"
            r"|hurts? even (?:when|while|if) (?:im |i am )?(?:lay\w*|lying|rest\w*|sitting|in bed)|no puedo dormir (?:del|por el|con el|con|de) dolor|(?:baje|perdi|bajado|perdido) (?:como |unas |unos |mas de )*\d+ (?:kilos|libras|kg|lbs)"
            r"|(?:losing|lost) weight(?! (?:on|with|thanks|watchers)\b)|lost \d+ (?:pounds|lbs)|weight loss|pain at rest|hurts (?:at rest|when resting)"
            r"|dolor (?:de|por la|en la|toda la) noche|dolor nocturno|dolor en reposo|me despierta|me despierto (?:por|del|con)|duele (?:de|por la|toda la|en la|en las) noches?"
            r"|(?:perdi|perdiendo|he perdido|baje de) peso",
        ),
        (
            "both_heels",
            r"(?<!did )(?<!stretched )(?<!rolled )(?<!do )(?<!iced )both (?:of )?(?:my )?(?:heels|feet)(?! (?:feel|are|were) (?:good|fine|great|better|ok|okay)| done)|now both sides|other (?:heel|foot) hurts too"
            r"|back (?:is |feels )?(?:very |so )?stiff(?:ness)?|stiff back|(?<!hice )(?<!hice los )(?:los )?dos (?:talones|pies)|(?<!hice )ambos (?:talones|pies)"
            r"|espalda (?:muy )?(?:rigida|tiesa)|rigidez en la espalda|(?:uveitis|psoriasis)",
        ),
        (
            "worsening",
            r"(?:gett?(?:ing|s)|keeps getting|constantly getting) worse(?: (?:every|each) day)?$|worse (?:every|each) day|empeora cada dia|cada dia peor|va empeorando",
        ),
    )
)

# Taken out first: a warm-up is not warm, a roller may be red, ice makes numb.
NO_SIGNS = re.compile(
    r"\b(?:(?:felt|feels?) (?:nice and |so |really )?warm and (?:nice|good|loose)|tattoos?\b[^.]{0,40}|numb from (?:the )?(?:dentist|ice|shot|injection)|out of breath from (?:laughing|dancing|running)|(?:band|ball|strap|balloon|bubble) popped|hot (?:today|out|day|weather|sauce|salsa|dog)|red hot (?:salsa|sauce)|(?:comida|salsa) picante[^.]{0,40}|visiting (?:my )?\w+ (?:in|at) the hospital|less swollen|me muero de\b|(?:un)?warm(?:ed|ing)? ?ups?|warming up|(?:hot|warm|cold|ice) (?:bath|shower|pack|packs|water|tub|compress|towel|soak|bottle|tea|coffee|day|weather|outside|snap|front)"
    r"|heat(?:ing)? pad|(?:red|blue|black|purple|green|yellow|hot|cold|white) (?:roller|cup|band|bands|ball|pad|strap|tape|line|light|sox|shoes?|theraband|bottle)"
    r"|(?:heel|foot|arch|knee) (?:roller|cup|cups|pad|pads|bath|brace)|anti ?inflammatory|antiinflamatorio|numb(?:ing)? (?:from|after|with) (?:the )?(?:ice|icing|cold|bottle|frozen)"
    r"|burn(?:ing|s)? (?:calories|questions?|rubber|out)|electric (?:blanket|scooter|bike|toothbrush|car|bill)|power snap|heart burn)\b"
)
DIABETES = re.compile(r"\b(?:diabet\w*|sugar disease|azucar alta)\b")
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
