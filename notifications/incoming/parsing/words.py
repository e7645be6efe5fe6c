"""Whether a text holds something for a person to read. Pure, linear.

A command, a number and the courtesy around them are done when we have done them; whatever else is
said stands in the clinic's inbox (promise 17). When in doubt it does: reading costs a moment.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from notifications.incoming.parsing import Kind, Reply
from notifications.incoming.parsing.envelope import opened
from notifications.incoming.parsing.names import without_name
from notifications.incoming.parsing.plain import NUMBERS, plain
from notifications.incoming.parsing.vocabulary import (
    AROUND_A_SCORE,
    COURTESY,
    OF_COMMANDS,
    SAY_NOTHING,
    says_something,
)

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Read as words for a person; what stands beside any other reading may still be for one.
FREE = frozenset({Kind.NOTE, Kind.CLARIFY, Kind.RED_FLAG})


def is_for_a_person(text: str, reply: Reply, *, names: tuple[str, ...] = ()) -> bool:
    """Whether `text`, read as `reply`, holds words beyond a command, a number and courtesy.

    `names` are the first names on the phone: to say one's name is no message.
    """
    if reply.kind is Kind.LINK:
        return False
    letter = opened(text)
    if reply.flags or reply.doubtful:
        return True
    if letter.is_reaction or letter.is_automatic:
        return False
    if reply.kind is Kind.SCORE and says_something(reply.note):
        return True
    said = letter.said
    for name in names:
        said = without_name(said, name)
    known = _known(reply.kind) | {word for name in names for word in plain(name).split()}
    words = WORD.findall(COURTESY.sub(" ", plain(said)))
    return any(word.replace("'", "") not in known for word in words)


def _known(kind: Kind) -> AbstractSet[str]:
    """The words that say nothing beyond such a reading."""
    known = SAY_NOTHING | NUMBERS.keys()
    if kind in FREE:
        return known
    return known | OF_COMMANDS | (frozenset() if kind is Kind.REASON else AROUND_A_SCORE)
