"""How far two words are apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def mended_to(letters: str, targets: Iterable[str]) -> str | None:
    """The first of `targets` that is one edit away; None: none is."""
    return next((target for target in targets if is_one_edit_away(letters, target)), None)


def is_one_edit_away(word: str, target: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour makes one the other."""
    if word == target or abs(len(word) - len(target)) > 1 or len(target) < 4:
        return False
    at = next(
        (place for place, pair in enumerate(zip(word, target, strict=False)) if pair[0] != pair[1]),
        min(len(word), len(target)),
    )
    here, there = word[at:], target[at:]
    if len(word) == len(target):
        swapped = len(here) > 1 and here[1] + here[0] + here[2:] == there
        return swapped or here[1:] == there[1:]
    return here[1:] == there if len(word) > len(target) else here == there[1:]
