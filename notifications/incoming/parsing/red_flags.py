"""Words of a red flag (docs/clinical-rules.md#red-flags). A rule for telling the clinic, not a diagnosis.

The `Flag` names say what a clinician would think of; patients never see them.
"""

from __future__ import annotations

import re

NEGATION = (
    r"(?:no|not|n't|never|nothing|neither|nor|without|isn't|wasn't|don't have|didn't|haven't|hasn't|doesn't"
    r"|sin|nunca|ningun|ninguna|no tengo|no hay|tampoco|any)"
)
# A red flag is not one when it is denied within these few words before it, or over just behind it.
DENIED = re.compile(
    rf"\b{NEGATION}(?:(?: \w+){{0,2}}|(?: \w+)?(?: (?:or|and|nor|ni|tingling|burning|numbness|fever))+) $"
)
OVER = re.compile(
    r"^ ?(?:is|are|has|was|went|feels?)? ?(?:now )?(?:gone|away|over|better|healed|stopped|free|last year|ya paso)\b"
)
# Somebody else's, a thing's, or a way of speaking.
NOT_MINE = re.compile(
    r"\bmy (?:son|daughter|kid|kids|wife|husband|mom|dad|mother|father|friend|dog|baby)\b"
)
FOOT = (
    r"(?:heel|foot|feet|toes?|ankle|arch|sole|leg|skin|talon|pie|pies|dedos?|tobillo|pierna|piel)"
)
PATTERNS: dict[str, re.Pattern[str]] = {
    # Sudden pop, bruise, cannot push off: fascia rupture. Same day.
    "rupture": re.compile(
        r"\b(?:heard|felt|feel|feeling|was|with) (?:a |something )?(?:loud )?(?:pop|snap|rip|crack)\b|\bwent pop\b"
        r"|\bpopped\b(?! (?:by|in|an?|some))|\bpopping sound\b|(?<!band )(?<!strap )\bsnapped\b|\b(?:a|sudden|loud) (?:pop|snap)\b"
        r"|\b(?:tore|torn|ruptured?|ripped)\b(?! the)|\ba tear\b|\bbr(?:ui|iu|u)si?(?:e|es|ed|ing)\b|\bblack and blue\b"
        r"|\b(?:can'?t|cannot) push off\b|\btronido\b|\btrono\b|\bchasquido\b|\bcrujido\b|\bsenti un pop\b"
        r"|\bdesgarr(?:o|e|ado)\b|\bmoret(?:on|ones)\b|\bse (?:me )?rompio\b(?! (?:la|el|mi)\b)"
    ),
    # Cannot bear weight, fall: fracture. Same day.
    "fracture": re.compile(
        r"\b(?:can'?t|cannot|can not|couldn'?t|could not|can no longer|unable to|not able to|(?:can )?(?:barely|hardly))"
        r" (?:even )?(?:walk(?! the| far| today)|stand(?! (?:these|this|waiting|the|it))|bear (?:any )?weight|put (?:any )?weight|step(?! away))"
        r"|^\W*fell\b(?! (?:asleep|behind|off))|\bi (?:just )?fell\b(?! (?:asleep|behind|off the))|\b(?:tripped|slipped) and fell\b"
        rf"|\bfell (?:down|over|on|from|yesterday|today|in the|at)\b|\b(?:took|had|have had) a (?:bad )?fall\b|\bankle and fell\b"
        rf"|\b(?:broken|broke) (?:my |a )?(?:{FOOT}|bone)\b|\b{FOOT} (?:is |may be |might be )broken\b|\bfracture[ds]?\b"
        r"|\bno (?:me )?puedo (?:ni )?(?:caminar|pararme|parar|pisar|apoyar|poner peso|estar de pie)|\bapenas puedo caminar\b"
        r"|\bno aguanto pisar\b|\bme cai\b(?! de sueno)|\bme he caido\b|\btuve una caida\b|\bme quebre\b|\bse me quebro\b|\bfractura\b"
        r"|\b(?:gett?(?:ing|s)|keeps getting|constantly getting) worse(?: (?:every|each) day)?$|\bworse (?:every|each) day\b"
        r"|\bempeora cada dia\b|\bcada dia peor\b|\bva empeorando\b"
    ),
    # Burning, tingling, numbness: nerve. Within a week, at once if fast.
    "nerve": re.compile(
        r"\b(?:numb|nubm)(?:ness)?\b|\bnumness\b|\bting(?:l|el)(?:e|es|i?ng|y)\b|\bburn(?:ing|ig)\b(?! (?:calories|question))|\bburns\b"
        r"|\bpins (?:and|&|n) need(?:les|els)\b|\belectric(?:al|ity)?\b(?! (?:blanket|scooter|bike|toothbrush))|\bzapp?(?:ing|s)\b|\bon fire\b"
        rf"|\b(?:can'?t|cannot) feel (?:my |the )?{FOOT}|\b(?:no|lost) feeling in\b|\b{FOOT} (?:is |fell )?asleep\b"
        r"|\bentumecid[oa]s?\b|\bentumid[oa]s?\b|\bentumecimiento\b|\badormecid[oa]s?\b|\bdedos dormidos\b|\bse me duerme\b"
        r"|\bhormigueos?\b|\bhormiguea\b|\bhormigas\b|\bardor\b|\barde\b|\bquema(?:zon)?\b|\b(?:toques|descargas|calambres?) electric[oa]s?\b"
        r"|\bcorriente en\b|\bno siento (?:el|los|mi|mis) (?:pie|dedos)"
    ),
    # Fever, hot red swollen heel, wound: infection. At once.
    "infection": re.compile(
        rf"(?<!cabin )\bfe(?:a)?ver(?:ish)?\b|\bchills\b|\btemp(?:erature)? (?:of )?10\d|\bpus\b|\binfec+(?:ed|ted|tion)\b|\bopen wound\b|\bwound\b|\boozing\b"
        r"|\bdrainage\b|\bwon'?t heal\b|\bbleeding\b|\b(?:hot|warm|red|swollen)(?:,| and| y|) (?:and )?(?:hot|red|swollen)\b|\bhot to (?:the )?touch\b"
        rf"|\b{FOOT} (?:is |looks |feels )?(?:very |so |really )?(?:hot|red|swollen)\b(?! (?:roller|cup|band))|\b(?:hot|swollen) {FOOT}\b(?! (?:roller|cup|bath))"
        rf"|\bred {FOOT}\b(?! (?:roller|cup|pad|band))|\bfiebre\b|\bcalentura\b|\bescalofrios\b|\btengo temperatura\b|\binfec(?:cion|tad[oa]|to)\b|\bherida\b"
        rf"|\b(?:pie|talon|tobillo) (?:esta |muy )*(?:caliente|roj[oa]|hinchad[oa])\b|\brojo (?:e|y) (?:hinchado|caliente)\b|\bmuy hinchado\b"
    ),
    # Night or rest pain, weight loss: review.
    "night_pain": re.compile(
        r"\b(?:pain|hurts?|aches?|throbs?|throbbing) (?:\w+ )?(?:at|in the|all|during the|every|in bed at) night\b|\bnight(?:time)? pain\b"
        r"|\b(?:it|pain|heel|foot) (?:\w+ )?(?:wak(?:es|ing|en|ens)|woke) me\b|\bit wakes me\b|\bwoke up from (?:the )?pain\b|\bkept me up all night\b"
        r"|\bcan'?t sleep from\b|\b(?:losing|lost) weight\b(?! (?:on|with))|\blost \d+ (?:pounds|lbs)\b|\bweight loss\b|\bpain at rest\b|\bhurts (?:at rest|when resting)\b"
        r"|\bdolor (?:de|por la|en la|toda la) noche\b|\bdolor nocturno\b|\bdolor en reposo\b|\bme despierta\b|\bme despierto por\b"
        r"|\bduele (?:de|por la|toda la|en la|en las) noches?\b|\b(?:perdi|perdiendo|he perdido|baje de) peso\b"
    ),
    # Both heels, long morning back stiffness: spondyloarthritis. Review.
    "both_heels": re.compile(
        r"(?<!did )(?<!stretched )(?<!rolled )(?<!do )\bboth (?:my )?(?:heels|feet)\b(?! feel (?:good|fine|great))|\bnow both sides\b|\bother (?:heel|foot) hurts too\b"
        r"|\bback (?:is |feels )?(?:very |so )?stiff(?:ness)?\b|\bstiff back\b|(?<!hice )(?<!hice los )\b(?:los )?dos (?:talones|pies)\b|(?<!hice )\bambos (?:talones|pies)\b"
        r"|\bespalda (?:muy )?(?:rigida|tiesa)\b|\brigidez en la espalda\b"
    ),
    # Swollen warm calf, short of breath, chest pain: clot. Emergency.
    "clot": re.compile(
        r"\bcal(?:f|ves) (?:is |are |feels |looks |has )?(?:very |so |all )?(?:swollen|swelling|swelled|warm|hot|red)\b|\bcalf hurts and is warm\b"
        r"|\bswollen(?: warm)? calf\b|\bwarm calf\b|\bleg is swollen and warm\b|\b(?:can'?t|cannot|hard to|trouble|difficulty) breath(?:e|ing)?\b"
        r"|\bshort(?:ness)? of breath\b|\bout of breath\b|\bchest (?:pain|hurts|tight|is tight)|\b(?:tight|pain in my|pressure in(?: my)?) chest\b|\bheart attack\b"
        r"|\b(?:pantorrilla|chamorro|pierna) (?:esta |muy )*(?:hinchad|caliente|roj)[ao]?\b|\bhinchazon en la pantorrilla\b|\bno puedo respirar\b"
        r"|\b(?:me cuesta|dificultad para) respirar\b|\bfalta (?:de|el) aire\b|\b(?:dolor de|dolor en el|me duele el|presion en el|opresion en el) pecho\b"
    ),
    # Ulcer, black skin: vascular, neuropathic. At once; no rolling, ice or splint.
    "ulcer": re.compile(
        rf"\bulcers?\b|\b(?:a|an|open|have a|has a|new) sore\b(?! (?:{FOOT}|throat|spot|muscle|and))|\bsores\b|\bsore (?:that won'?t heal|on (?:my |the )?{FOOT})\b"
        rf"|\bblack {FOOT}\b(?! (?:roller|band|cup))|\b{FOOT} (?:is |are |turned |turning |looks |went )+(?:black|blue|purple)\b"
        rf"|\bturn(?:ed|ing) black\b|\bulceras?\b|\bllagas?\b|\b{FOOT} (?:negr[oa]|morad[oa])s?\b|\bgangren[ea]\b|\bse me puso negro\b|\bmorado el pie\b"
        rf"|\b{FOOT} (?:esta|estan|se puso|se me puso) (?:negr|morad)[oa]s?\b"
    ),
}


def red_flags(words: str) -> tuple[str, ...]:
    """The flags named in `words` (from `plain`), not denied, over or somebody else's, in the order of
    the table.
    """
    found = []
    for name, pattern in PATTERNS.items():
        for match in pattern.finditer(words):
            before = words[: match.start()].replace(",", " ").replace("  ", " ")
            if not (
                DENIED.search(before) or OVER.match(words[match.end() :]) or NOT_MINE.search(before)
            ):
                found.append(name)
                break
    return tuple(found)
