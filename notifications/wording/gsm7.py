"""The GSM-7 alphabet: what fits, how many segments, and the nearest spelling. 3GPP TS 23.038."""

from __future__ import annotations

import unicodedata

from anyascii import anyascii

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
    """The nearest spelling within GSM-7: quotes straight, foreign accents dropped, letters of other
    alphabets written in ours ("Đặng" as "Dang", "Ольга" as "Olga"), signs that have none left out.
    """
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
    if kept and is_gsm7(kept):
        return kept
    # A picture's name in words (":grinning:") is no spelling of it.
    if unicodedata.category(character)[0] not in "LMN":
        return ""
    # A soft sign is written as an apostrophe, which no reader expects in "Olga".
    return "".join(filter(str.isalnum, anyascii(character)))


def segments(text: str) -> int:
    """How many SMS segments `text` takes: 160 or 153 GSM-7 places, 70 or 67 UTF-16 units."""
    if is_gsm7(text):
        sizes = [2 if character in EXTENDED else 1 for character in text]
        single, joined = 160, 153
    else:
        sizes = [len(character.encode("utf-16-be", "surrogatepass")) // 2 for character in text]
        single, joined = 70, 67
    return 1 if sum(sizes) <= single else _parts(sizes, joined)


def _parts(sizes: list[int], places: int) -> int:
    """How many parts of `places` hold these: an escape and its character, or the two units of a
    rare one, are never torn apart.
    """
    parts, free = 1, places
    for size in sizes:
        if size > free:
            parts, free = parts + 1, places
        free -= size
    return parts
