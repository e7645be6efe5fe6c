"""Words of a red flag (CLINICAL.md section 5). A rule for telling the clinic, not a diagnosis.

The `Flag` names say what a clinician would think of; patients never see them.
"""

from __future__ import annotations

import re

NEGATION = (
    r"(?:no|not|n't|never|without|isn't|wasn't|don't have|didn't|haven't|hasn't|doesn't|sin|nunca|ningun"
    r"|ninguna|ya no|no tengo|no hay|no siento|tampoco|any)"
)
# A red flag is not one when it is denied within these few words before it.
DENIED = re.compile(rf"\b{NEGATION}(?: \w+){{0,2}} $")
FOOT = (
    r"(?:heel|foot|feet|toes?|ankle|arch|sole|leg|skin|talon|pie|pies|dedos?|tobillo|pierna|piel)"
)
PATTERNS: dict[str, re.Pattern[str]] = {
    # Sudden pop, bruise, cannot push off: fascia rupture. Same day.
    "rupture": re.compile(
        r"\b(?:heard|felt|feel|feeling|was|with) (?:a |something )?(?:loud )?(?:pop|snap)\b|\bpopped\b"
        r"|\bsnapped\b|\b(?:a|sudden|loud) (?:pop|snap)\b|\b(?:tore|torn|ruptured?)\b|\ba tear\b"
        r"|\bbruis(?:e|es|ed|ing)\b|\bcan'?t push off\b|\btronido\b|\btrono\b|\bchasquido\b"
        r"|\bdesgarr(?:o|e|ado)\b|\bmoret(?:on|ones)\b|\bse (?:me )?rompio\b"
    ),
    # Cannot bear weight, fall: fracture. Same day.
    "fracture": re.compile(
        r"\b(?:can'?t|cannot|can not|couldn'?t|unable to|not able to) (?:even )?(?:walk|stand|bear weight"
        r"|put (?:any )?weight|step)\b|\bi fell\b(?! asleep)|\bfell (?:down|off|over|on|from)\b|\bbroken?\b"
        r"|\bfracture[ds]?\b|\bno puedo (?:caminar|pararme|pisar|apoyar|andar)\b|\bme cai\b|\bfractura\b"
        r"|\bgetting worse every day\b|\bconstantly getting worse\b|\bempeora cada dia\b"
    ),
    # Burning, tingling, numbness: nerve. Within a week, at once if fast.
    "nerve": re.compile(
        r"\bnumb(?:ness)?\b|\btingl(?:e|es|ing|y)\b|\bburning\b|\bburns\b|\bpins (?:and|&|n) needles\b"
        r"|\belectric(?:al)?\b|\bentumecid[oa]s?\b|\badormecid[oa]s?\b|\bhormigueos?\b|\bhormiguea\b"
        r"|\bardor\b|\barde\b|\bquemazon\b|\bcalambres? electricos?\b|\bno siento (?:el|los) (?:pie|dedos)"
    ),
    # Fever, hot red swollen heel, wound: infection. At once.
    "infection": re.compile(
        r"\bfe(?:a)?ver\b|\bpus\b|\binfect(?:ed|ion)\b|\bopen wound\b|\bwound\b|\boozing\b"
        rf"|\b(?:hot|warm|red)(?:,| and| y|) (?:and )?(?:hot|red|swollen)\b|\b{FOOT} (?:is |looks |feels )?"
        rf"(?:very |so |really )?(?:hot|red)\b|\b(?:hot|red|swollen) {FOOT}\b|\bfiebre\b|\binfec(?:cion|tado)\b"
        rf"|\bherida\b|\b{FOOT} (?:esta |muy )*(?:caliente|roj[oa]|hinchad[oa])\b"
    ),
    # Night or rest pain, weight loss: review.
    "night_pain": re.compile(
        r"\b(?:pain|hurts?|aches?|throbs?|throbbing) (?:\w+ )?(?:at|in the|all|during the|every) night\b"
        r"|\bnight pain\b|\bwak(?:es|ing|en|ens) me\b|\bwoke me\b|\blosing weight\b|\blost weight\b"
        r"|\bweight loss\b|\bpain at rest\b|\bdolor (?:de|por la|en la|toda la) noche\b"
        r"|\bme despierta\b|\bduele (?:de|por la|toda la) noche\b|\b(?:perdi|perdiendo) peso\b"
    ),
    # Both heels, long morning back stiffness: spondyloarthritis. Review.
    "both_heels": re.compile(
        r"\bboth (?:my )?(?:heels|feet)\b|\bback (?:is |feels )?(?:very |so )?stiff\b|\bstiff back\b"
        r"|\b(?:los )?dos (?:talones|pies)\b|\bambos (?:talones|pies)\b|\bespalda (?:muy )?(?:rigida|tiesa)\b"
    ),
    # Swollen warm calf, short of breath, chest pain: clot. Emergency.
    "clot": re.compile(
        r"\bcal(?:f|ves) (?:is |are |feels |looks )?(?:very |so |all )?(?:swollen|swelling|warm|hot|red)\b"
        r"|\bswollen(?: warm)? calf\b|\bwarm calf\b|\b(?:can'?t|cannot|hard to|trouble|difficulty) breath"
        r"(?:e|ing)?\b|\bshort(?:ness)? of breath\b|\bchest (?:pain|hurts|tight)"
        r"|\bpantorrilla (?:esta |muy )*(?:hinchada|caliente|roja)\b|\bno puedo respirar\b"
        r"|\bfalta (?:de|el) aire\b|\bme falta el aire\b|\b(?:dolor de|dolor en el|me duele el) pecho\b"
    ),
    # Ulcer, black skin: vascular, neuropathic. At once; no rolling, ice or splint.
    "ulcer": re.compile(
        r"\bulcers?\b|\b(?:a|an|open|have|has|got|new) sore\b|\bsores\b|\bopen sore\b"
        rf"|\bblack {FOOT}\b|\b{FOOT} (?:is |are |turned |turning |looks |went )+(?:black|blue|purple)\b"
        rf"|\bturn(?:ed|ing) black\b|\bulceras?\b|\bllagas?\b|\b{FOOT} (?:negr[oa]|morad[oa])s?\b|\bgangrene\b"
        rf"|\b{FOOT} (?:esta|estan|se puso|se me puso) (?:negr|morad)[oa]s?\b"
    ),
}


def red_flags(words: str) -> tuple[str, ...]:
    """The flags named in `words` (from `plain`) and not denied, in the order of the table."""
    found = []
    for name, pattern in PATTERNS.items():
        for match in pattern.finditer(words):
            if not DENIED.search(words[: match.start()].replace(",", " ")):
                found.append(name)
                break
    return tuple(found)
