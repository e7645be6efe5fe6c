"""A text as the patterns read it: lower case, plain letters, plain digits, plain blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# A text holds no more (MMS and joined segments); an app message is read so far, and kept whole.
LONGEST = 1_600
SPELLINGS = str.maketrans(
    {"‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"'}
    # Every dash may be a minus.
    | dict.fromkeys("‐‑‒–—―−", "-")
    # Letters of other scripts that look like those of STOP.
    | {"ѕ": "s", "Ѕ": "s", "о": "o", "О": "o", "р": "p", "Р": "p", "т": "t", "Т": "t"}
)
KEYCAP_TEN = "🔟"
# A sign, a decimal point or comma, a fraction, a colon of a time: part of a number, so kept.
KEPT = set("+-/.,:;!'#%?<>~&$€£")
ENGLISH_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
]
SPANISH_NUMBERS = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
]
# As people spell them by ear.
BY_EAR = {
    "sinco": "5", "cinko": "5", "sinko": "5", "zinco": "5", "kuatro": "4", "quatro": "4", "sero": "0", "trez": "3", "ceis": "6", "zeis": "6",
    "siet": "7", "ziete": "7", "nuebe": "9", "treees": "3",
}  # fmt: skip  # a table
NUMBERS = {
    word: str(value)
    for words in (ENGLISH_NUMBERS, SPANISH_NUMBERS)
    for value, word in enumerate(words)
} | BY_EAR
# "That one", "one of those": no number.
NUMBER_WORD = re.compile(
    rf"(?<!that )(?<!this )(?<!the )(?<!which )(?<!every )\b({'|'.join(NUMBERS)})\b(?! (?:of|more|day)\b)"
)


def plain(text: str) -> str:
    """`text` in lower case without accents, marks, emoji or line breaks; digits are 0 to 9.

    Invisible characters go, so that none can hide a STOP.
    """
    text = text[:LONGEST].replace(KEYCAP_TEN, " 10 ").translate(SPELLINGS)
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    # Cut again: one letter may become eighteen.
    return " ".join("".join(map(_plain_letter, letters[:LONGEST])).split())


# The letters of the two languages many times over; a text of all the others cannot fill it for good.
@lru_cache(maxsize=4_096)
def _plain_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if letter.isalpha() and not letter.isascii() and "LATIN" in unicodedata.name(letter, ""):
        return anyascii(letter).lower()  # a letter without accent to lose: "Đặng" is typed "dang"
    if letter.isalpha() or letter in KEPT:
        return letter
    # Accents, keycaps, variation selectors, zero-width and right-to-left marks.
    if category in {"Mn", "Me", "Cf"}:
        return ""
    # A fraction or a circled digit that no rule knows must still stop a number from being read.
    return " ? " if letter.isdigit() or letter.isnumeric() or letter == "⁄" else " "


def bare(words: str) -> str:
    """`words` without outer punctuation."""
    return words.strip(" .,:;?!'\"#~&%+-/<>").strip()


def value_of(number: str) -> int | None:
    """The number that a typed one ("7", "w7") stands for; None: it is off the scale."""
    value = int(number.lstrip("w")[:3])
    return value if value <= 10 else None


def with_digits(words: str) -> str:
    """Number words of both languages as digits."""
    return NUMBER_WORD.sub(lambda match: NUMBERS[match[0]], words)
