"""The patient's own first name in a text: it says nothing, unless somebody is not called so. Pure."""

from __future__ import annotations

import re

from notifications.incoming.parsing.plain import plain

# First names that are words of an answer.
WORDS_FIRST = frozenset({"will", "dolores", "sol", "paz", "hope", "grace", "may", "june"})


def without_name(text: str, name: str) -> str:
    """`text` without the patient's own first name, unless nothing else was said."""
    if not name or plain(name) in WORDS_FIRST:
        return text
    names = "|".join(sorted({re.escape(name), re.escape(plain(name))}))
    own = re.compile(
        rf"[ ,:.-]{{0,3}}\b(?:(?:this is|it['’]?s|soy|habla|i['’]?m|para|for) )?(?:{names})\b[ ,:-]{{0,3}}",
        re.IGNORECASE,
    )
    rest = own.sub(" ", text)
    return rest if re.search(r"\w", rest) else text


def is_denied(text: str, name: str) -> bool:
    """Whether somebody says that they are not the patient: "I'm not Maria"."""
    if not name:
        return False
    words, asked = plain(text), re.escape(plain(name))
    return re.search(rf"\b(?:not|isn'?t|no soy|no es) {asked}\b", words) is not None
