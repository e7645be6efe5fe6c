"""Names as they are compared and searched for: however one types them. Pure."""

from __future__ import annotations

import unicodedata

from anyascii import anyascii

# A search asks the database once a word: more than these help nobody find anything.
MOST_WORDS = 8
LONGEST_SEARCH = 100
# As long as an address may be, and as what counts failed sign-ins can hold.
LONGEST_ACCOUNT = 254
# Fewer digits are part of a name as well as of a phone.
FEWEST_DIGITS = 4


def plain_name(text: str) -> str:
    """`text` in plain small letters: "José Peña" and "JOSE PENA" are one, "Łukasz" is "lukasz"."""
    letters = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(anyascii(letters).casefold().split())


def search_words(text: str) -> str:
    """What is looked for when `text` is typed: a phone by its digits, however it is written
    ("(415) 555-0111" as "4155550111"), anything else by plain letters.
    """
    text = " ".join(text[:LONGEST_SEARCH].split()[:MOST_WORDS])
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) >= FEWEST_DIGITS and not any(map(str.isalpha, text)):
        return digits
    return plain_name(text)


def account_name(typed: str | None) -> str:
    """The one form in which an account is found and its failed sign-ins are counted.

    Both by the same letters: where a database folds more of them than Python, one account would
    have as many counts as it has spellings.
    """
    letters = unicodedata.normalize("NFKC", (typed or "").replace("\x00", ""))
    return letters.strip().lower()[:LONGEST_ACCOUNT]
