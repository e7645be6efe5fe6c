"""The GSM-7 alphabet: what fits, how many segments, and the nearest spelling. 3GPP TS 23.038."""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take two places, the first being an escape.
EXTENDED = frozenset("^{}\\[~]|€")
ALPHABET = BASIC | EXTENDED
SPELLINGS = {
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "•": "*", "\t": " ",
}  # fmt: skip  # pairs read better side by side


def is_gsm7(text: str) -> bool:
    """Whether every character has a place in the alphabet."""
    return ALPHABET.issuperset(text)


def to_gsm7(text: str) -> str:
    """The nearest spelling within GSM-7: quotes straight, foreign accents dropped, the rest `?`."""
    if is_gsm7(text):
        return text
    return "".join(_spelling(character) for character in unicodedata.normalize("NFC", text))


def _spelling(character: str) -> str:
    if is_gsm7(character):
        return character
    if character in SPELLINGS:
        return SPELLINGS[character]
    plain = unicodedata.normalize("NFKD", character)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept if kept and is_gsm7(kept) else "?"


def segments(text: str) -> int:
    """How many SMS segments `text` takes: 160 or 153 GSM-7 places, 70 or 67 UTF-16 units."""
    if is_gsm7(text):
        length = len(text) + sum(text.count(character) for character in EXTENDED)
        single, joined = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, joined = 70, 67
    return 1 if length <= single else -(-length // joined)
