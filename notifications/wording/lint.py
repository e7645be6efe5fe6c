"""What a text to a patient must not be: too long, outside GSM-7, telling, or misleading.

Rules: docs/messaging-rules.md#wordings. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from notifications.wording.gsm7 import SPELLINGS, is_gsm7, segments, to_gsm7

# What each placeholder may grow to. A first name longer than this is cut when it is put in.
LONGEST_FIRST_NAME = 20
LONGEST = {
    "first_name": "W" * LONGEST_FIRST_NAME,
    "clinic": "W" * 20,
    "names": ", ".join(f"{number} {'W' * LONGEST_FIRST_NAME} W." for number in (1, 2)),
    "detail": "miércoles 30 sept.".replace("é", "e"),
    "phone": "+15005550100",
    "count": "12",
    "planned": "7",
    "minutes": "120",
    "limit": "6",
    # With a domain of 24 letters.
    "link": f"https://{'w' * 24}/p/{'w' * 22}",
}
# Twilio's reserved words get no meaning of ours, so no text may ask for one of them as an answer.
RESERVED = "YES|UNSTOP|END|QUIT|CANCEL|INFO|STOPALL|UNSUBSCRIBE|REVOKE|OPTOUT"
# STOP, START and HELP mean what they say; a text may name them for that.
ANSWER = re.compile(
    rf"\b(?:reply|text|answer|send|responda|responde|conteste|escriba|envie|envíe)\b[^.?!]*"
    # "STOP to end" tells what STOP does.
    rf"(?<!\bto )\b({RESERVED})\b",
    re.IGNORECASE,
)
# Health in a text is read over somebody's shoulder (promise 22).
TELLING = re.compile(
    r"\b(?:plantar|fasci\w*|fascitis|tendin\w*|heel|heels|foot|feet|calf|calves|ankle|arch|sole"
    r"|knee|shin|toe|toes|leg|spur|diagnos\w*|injur\w*|rehab\w*|therap\w*|stretch\w*|roll\w*"
    r"|lacrosse|theraband|splint|raise|raises|curl|curls|needling|talon\w*|talón|pie|pies"
    r"|pantorrilla\w*|tobillo\w*|rodilla\w*|dedo|dedos|pierna\w*|estir\w*|férula|ferula"
    r"|elevaci\w*|terapia|lesi[oó]n\w*|score|puntaje"
    r"|(?:your|su) (?:pain|dolor) (?:is|was|es|fue))\b",
    re.IGNORECASE,
)


# `{first_name}`, and nothing of what `str.format` would do besides: a width can fill the memory.
PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")
# "Hi {first_name}, …" without a name is "Hi, …".
NAME = re.compile(r"^\{first_name\}[,.]? ?|,? ?\{first_name\}")


def fill(words: str, values: Mapping[str, object]) -> str:
    """`words` with each `{name}` replaced by its value. Raises KeyError for an unknown name.

    A value that ends a sentence itself ("9:31 a.m.") is not followed by a second full stop.
    """
    if not values.get("first_name", True):
        words = NAME.sub("", words)
        words = words[:1].upper() + words[1:]
    filled = PLACEHOLDER.sub(lambda match: str(values[match[1]]), words)
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", filled)


# Ten texts, the most that a phone network joins. Nothing longer is looked at any further: what the
# patterns cost grows faster than the words.
LONGEST_WORDS = 1_600
TOO_LONG = [f"Too long: at most {LONGEST_WORDS:,} characters."]


def problems(key: str, words: str) -> list[str]:
    """What is wrong with `words` as the text `key`, a sentence each; empty when they may go out."""
    if len(words) > LONGEST_WORDS:
        return list(TOO_LONG)
    return _form(words) + _meaning(key, words)


# A message of the clinic may take this many segments; more is a letter.
MESSAGE_SEGMENTS = 3


def message_problems(words: str, text: str) -> list[str]:
    """What is wrong with a message that somebody of the clinic wrote, a sentence each.

    `text` is `words` as they would be sent; a clinic's own name may say what it says.
    """
    if len(words) > LONGEST_WORDS:
        return list(TOO_LONG)
    found = _costly(words)
    count = segments(text)
    if count > MESSAGE_SEGMENTS:
        found.append(f"This takes {count} texts; a message may take {MESSAGE_SEGMENTS}.")
    return found + _meaning("message", words)


def _costly(words: str) -> list[str]:
    return [
        f"“{character}” makes the text cost twice as much: use a plain letter."
        for character in sorted({letter for letter in words if not _is_plain(letter)})
    ]


def _form(words: str) -> list[str]:
    """Placeholders, alphabet and length."""
    known = ", ".join(sorted(LONGEST))
    used = {match[1] for match in PLACEHOLDER.finditer(words)}
    found = [
        f"{{{name}}} is no placeholder. Known: {known}." for name in sorted(used - set(LONGEST))
    ]
    if re.search(r"[{}]", PLACEHOLDER.sub("", words)):
        found.append("A { or } stands alone: a placeholder is {name} and nothing else.")
    found += _costly(words)
    if not words.strip():
        found.append("Write something.")
    if found:
        return found
    longest = to_gsm7(fill(words, LONGEST))
    if segments(longest) == 1:
        return []
    return [f"{len(longest)} characters with the longest names; one text holds 160."]


def _meaning(key: str, words: str) -> list[str]:
    """What it tells others, and what it asks for."""
    found = []
    if match := TELLING.search(words):
        found.append(f"“{match[0]}” tells too much to whoever sees the phone.")
    if match := ANSWER.search(words):
        found.append(f"{match[1].upper()} has a meaning of its own: ask for another word.")
    if key == "check_in" and "10" not in words:
        found.append("Name the scale: 0 (none) to 10 (worst).")
    return found


def _is_plain(character: str) -> bool:
    """Whether it costs one place: as it is, as a letter that only loses its accent, or as the plain
    form of what phones and word processors type (“quotes”, dashes).
    """
    if is_gsm7(character) or character in SPELLINGS:
        return True
    return character.isalpha() and to_gsm7(character) != ""
