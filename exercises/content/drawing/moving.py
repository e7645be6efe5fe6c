"""A drawing that moves: from its first pose to its last and back, again and again. Pure.

The poses between are drawn as the two ends are; what differs between the drawings becomes SVG's own
animation. So it moves by itself as a picture, and a page that holds it may stop it and set its time
(`REACH` seconds lead from the first pose to the last, as many back).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from exercises.content.drawing.figure import Leg, Pose
from exercises.content.drawing.sheet import HEIGHT, PANEL, Frame, Sheet, own_ids, scene

# Seconds from the first pose to the last. A loop takes twice as long.
REACH = 2
# Poses drawn on the way; between them SVG goes straight.
BETWEEN = 6
ATTRIBUTE = re.compile(r'([a-z][a-z-]*)="([^"]*)"')
TAG = re.compile(r"<(/?)([a-zA-Z]+)((?: [a-z-]+=\"[^\"]*\")*) ?(/?)>")
TURN = re.compile(r"rotate\(([^)]*)\)")


def moving(sheet: Sheet, slug: str) -> str:
    """The drawing as a file: one panel, or one for each way of a movement in several ways.

    Raises ValueError when the two ends cannot be drawn with the same lines.
    """
    ends = _ends(sheet)
    columns = 1 if len(ends) == 1 else 2
    rows = -(-len(ends) // columns)
    size = f"{columns * PANEL} {rows * HEIGHT}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">'
    ground = f'<rect width="{columns * PANEL}" height="{rows * HEIGHT}" fill="#ffffff"/>'
    shapes = []
    for place, (first, last) in enumerate(ends):
        shift = f"translate({place % columns * PANEL} {place // columns * HEIGHT})"
        shapes += [f'<g transform="{shift}">', *_between(first, last, number=place + 1), "</g>"]
    return own_ids("\n".join([head, ground, *shapes, "</svg>", ""]), f"{slug}-moving")


def _ends(sheet: Sheet) -> list[tuple[Frame, Frame]]:
    """First and last pose of each panel."""
    if sheet.moving:
        return [sheet.moving]
    if len(sheet.frames) == 2:
        return [(sheet.frames[0], sheet.frames[1])]
    return [(_at_rest(frame), frame) for frame in sheet.frames]


def _at_rest(frame: Frame) -> Frame:
    """The foot before it moves one of several ways; it pulls at the same band."""
    if frame.close is None:
        raise ValueError("only a foot from close by moves in several ways")
    return frame.model_copy(update={"close": frame.close.model_copy(update={"turn": 0.0})})


def _between(first: Frame, last: Frame, *, number: int) -> list[str]:
    """The shapes of the first pose, each with what changes of it on the way to the last."""
    ends = (_settled(first).model_dump(), _settled(_seen_from(first, last)).model_dump())
    drawn = []
    for step in range(BETWEEN + 1):
        frame = Frame.model_validate(_mixed(*ends, step / BETWEEN))
        drawn.append(_tags(scene(frame, number)))
    if len({len(tags) for tags in drawn}) > 1:
        raise ValueError("the two ends are drawn with different lines")
    return [_animated(same) for same in zip(*drawn, strict=True)]


def _seen_from(first: Frame, last: Frame) -> Frame:
    """The last frame with its magnifier held where it was at first."""
    if first.lens is None or last.lens is None:
        return last
    lens = first.lens.model_copy(update={"close": last.lens.close})
    return last.model_copy(update={"lens": lens})


def _settled(frame: Frame) -> Frame:
    """The frame with what follows from others said, and without what only a still picture needs."""
    parts: dict[str, Any] = {"arrows": ()}
    if frame.close is not None:
        parts["close"] = frame.close.model_copy(update={"ghost": False})
    if frame.pose is not None:
        parts["pose"] = _whole(frame.pose)
    return frame.model_copy(update=parts)


def _whole(pose: Pose) -> Pose:
    head = pose.torso if pose.head is None else pose.head
    parts: dict[str, Any] = {"head": head, "near": _toes(pose.near)}
    if pose.far is not None:
        parts["far"] = _toes(pose.far)
    return pose.model_copy(update=parts)


def _toes(leg: Leg) -> Leg:
    return leg.model_copy(update={"toes": leg.foot if leg.toes is None else leg.toes})


def _mixed(first: Any, last: Any, way: float) -> Any:
    """What lies between two of the same kind. What is put on is there from the beginning; a word
    changes half way.
    """
    if isinstance(first, dict) and isinstance(last, dict):
        return {name: _mixed(first[name], last[name], way) for name in first}
    if isinstance(first, tuple) and isinstance(last, tuple) and len(first) == len(last):
        return tuple(_mixed(one, other, way) for one, other in zip(first, last, strict=True))
    if isinstance(first, bool) or isinstance(last, bool):
        return first or last
    if isinstance(first, int | float) and isinstance(last, int | float):
        return first + (last - first) * way
    if first is None or last is None:
        return last if first is None else first
    return first if way < 0.5 else last


def _tags(shapes: list[str]) -> list[str]:
    return [found.group() for found in TAG.finditer("".join(shapes))]


def _animated(same: tuple[str, ...]) -> str:
    """A tag as the first pose has it, with the animations of what differs on the way."""
    if len(set(same)) == 1:
        return same[0]
    ways = [dict(ATTRIBUTE.findall(tag)) for tag in same]
    found = TAG.match(same[0])
    if found is None or any(way.keys() != ways[0].keys() for way in ways):
        raise ValueError("the two ends are drawn with different lines")
    inside = "".join(
        _animation(name, [way[name] for way in ways])
        for name in ways[0]
        if any(one[name] != other[name] for one, other in pairwise(ways))
    )
    closed = bool(found.group(4))
    start = same[0].removesuffix("/>") + ">" if closed else same[0]
    return f"{start}{inside}</{found.group(2)}>" if closed else f"{start}{inside}"


def _animation(name: str, values: list[str]) -> str:
    """There and back. A turn is an animation of its own kind."""
    kind, told = "animate", f'attributeName="{name}"'
    if name == "transform":
        turns = [TURN.fullmatch(value) for value in values]
        if not all(turns):
            raise ValueError(f"cannot move {values[0]!r}")
        values = [turn.group(1) for turn in turns if turn]
        kind, told = "animateTransform", 'attributeName="transform" type="rotate"'
    if len({re.sub(r"[-\d. ]", "", value) for value in values}) > 1:
        told += ' calcMode="discrete"'
    both = ";".join([*values, *reversed(values[:-1])])
    return f'<{kind} {told} values="{both}" dur="{2 * REACH}s" repeatCount="indefinite"/>'
