"""A drawing of an exercise: two poses side by side, things around them, arrows. Pure."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import Field

from exercises.content.drawing.close import Close, close_up
from exercises.content.drawing.figure import Pose, person
from exercises.rules.doses import Spec

PANEL = 320
HEIGHT = 320
FLOOR = 280
THING = "#7a868c"
ARROW = "#b8410e"
ID = re.compile(r'\b(?:id="|href="#|clip-path="url\(#)')
BORDER = (
    '<rect x="6" y="6" width="308" height="308" rx="14" fill="none" stroke="#d5dfe1" '
    'stroke-width="2"/>'
)


class Arrow(Spec):
    """From a place to another, bent to its left by `bend` pixels (negative: to its right)."""

    start: tuple[float, float]
    end: tuple[float, float]
    bend: float = 0


class Thing(Spec):
    """Something around the person."""

    kind: Literal[
        "wall", "step", "chair", "rail", "ball", "bottle", "towel", "bed", "bag", "mat", "moon"
    ]
    x: float
    y: float = FLOOR
    size: float = 0


class Lens(Spec):
    """A round magnifier at `at` that shows what is around `of`, of the scene or of `close`."""

    close: Close | None = None
    of: tuple[float, float]
    at: tuple[float, float]
    zoom: float = 2.4
    radius: float = 62


class Frame(Spec):
    """One half of a sheet: a person, or a foot from close by. `scale` shrinks towards the floor."""

    scale: float = 1
    lens: Lens | None = None
    pose: Pose | None = None
    close: Close | None = None
    things: tuple[Thing, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    floor: bool = True


class Sheet(Spec):
    """The frames of an exercise: first pose and last pose; four for a movement in four ways.

    `moving` are the two ends of the drawing that moves, where they are others. `lowers` says that the
    last pose is the lower one, so that "down" comes before "up".
    """

    frames: Annotated[tuple[Frame, ...], Field(min_length=2, max_length=4)]
    moving: tuple[Frame, Frame] | None = None
    lowers: bool = False


def svg(sheet: Sheet, slug: str) -> str:
    """The drawing as a file; its words stand beside it, in the patient's language."""
    four = len(sheet.frames) > 2
    rows = 2 if four else 1
    shapes = []
    for index, frame in enumerate(sheet.frames):
        column, row = (index % 2, index // 2)
        shapes.append(f'<g transform="translate({column * PANEL} {row * HEIGHT})">')
        shapes += [f"  {shape}" for shape in _frame(frame, index + 1)]
        shapes.append("</g>")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * PANEL} {rows * HEIGHT}" '
        'role="img">'
    )
    ground = f'<rect width="{2 * PANEL}" height="{rows * HEIGHT}" fill="#ffffff"/>'
    return own_ids("\n".join([head, ground, *shapes, "</svg>", ""]), slug)


def own_ids(drawing: str, prefix: str) -> str:
    """The drawing with ids that no other drawing of the same page has: a lens shows what an id names."""
    return ID.sub(rf"\g<0>{prefix}-", drawing)


def scene(frame: Frame, number: int) -> list[str]:
    """What a frame shows, without its border, number and arrows."""
    shrunk = f"translate({160 * (1 - frame.scale):g} {FLOOR * (1 - frame.scale):g}) scale({frame.scale:g})"
    shapes = [f'<g id="s{number}" transform="{shrunk}">', *_scene(frame), "</g>"]
    if frame.lens is not None:
        shapes += _lens(frame.lens, number)
    return shapes


def _frame(frame: Frame, number: int) -> list[str]:
    shapes = [BORDER, *scene(frame, number)]
    for arrow in frame.arrows:
        shapes += _arrow(arrow)
    return [*shapes, *_number(number)]


def _scene(frame: Frame) -> list[str]:
    shapes = []
    if frame.floor:
        shapes.append(
            f'<path d="M10 {FLOOR} H310" stroke="{THING}" stroke-width="4" stroke-linecap="round"/>'
        )
    for thing in frame.things:
        shapes += _DRAWN[thing.kind](thing)
    if frame.pose is not None:
        shapes += person(frame.pose)
    if frame.close is not None:
        shapes += close_up(frame.close)
    return shapes


def _lens(lens: Lens, number: int) -> list[str]:
    x, y = lens.at
    shift = f"translate({x - lens.of[0] * lens.zoom:g} {y - lens.of[1] * lens.zoom:g})"
    seen = [f'<use href="#s{number}"/>'] if lens.close is None else close_up(lens.close)
    circle = f'cx="{x:g}" cy="{y:g}" r="{lens.radius:g}"'
    return [
        f'<clipPath id="l{number}"><circle {circle}/></clipPath>',
        f'<circle {circle} fill="#ffffff"/>',
        f'<g clip-path="url(#l{number})"><g transform="{shift} scale({lens.zoom:g})">'
        f"{''.join(seen)}</g></g>",
        f'<circle {circle} fill="none" stroke="#123c43" stroke-width="3"/>',
    ]


def _number(number: int) -> list[str]:
    return [
        '<circle cx="34" cy="34" r="16" fill="#ffffff" stroke="#123c43" stroke-width="3"/>',
        '<text x="34" y="41" font-family="sans-serif" font-size="20" font-weight="700" '
        f'text-anchor="middle" fill="#123c43">{number}</text>',
    ]


def _arrow(arrow: Arrow) -> list[str]:
    (x1, y1), (x2, y2) = arrow.start, arrow.end
    length = math.hypot(x2 - x1, y2 - y1) or 1
    side = ((y2 - y1) / length, -(x2 - x1) / length)
    middle = ((x1 + x2) / 2 + side[0] * arrow.bend, (y1 + y2) / 2 + side[1] * arrow.bend)
    turn = math.atan2(y2 - middle[1], x2 - middle[0])
    wings = [
        f"{x2 - 17 * math.cos(turn + spread):.1f} {y2 - 17 * math.sin(turn + spread):.1f}"
        for spread in (0.5, -0.5)
    ]
    tip = f"{x2 + 4 * math.cos(turn):.1f} {y2 + 4 * math.sin(turn):.1f}"
    curve = f"M{x1:g} {y1:g} Q{middle[0]:.1f} {middle[1]:.1f} {x2:g} {y2:g}"
    return [
        f'<path d="{curve}" fill="none" stroke="#ffffff" stroke-width="13" stroke-linecap="round"/>',
        f'<path d="{curve}" fill="none" stroke="{ARROW}" stroke-width="6" stroke-linecap="round"/>',
        f'<path d="M{tip} L{wings[0]} L{wings[1]} Z" fill="{ARROW}" stroke="{ARROW}" stroke-width="3" stroke-linejoin="round"/>',
    ]


def _rect(x: float, y: float, width: float, height: float, *, round_: float = 3) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_:g}" '
        f'fill="#e3e9ea" stroke="{THING}" stroke-width="3"/>'
    )


def _wall(thing: Thing) -> list[str]:
    return [_rect(thing.x, 30, 14, FLOOR - 30)]


def _step(thing: Thing) -> list[str]:
    return [_rect(thing.x, thing.y, thing.size or 90, FLOOR - thing.y)]


def _chair(thing: Thing) -> list[str]:
    """`x` is the back of the seat, `y` the seat, `size` its depth; negative: it faces left."""
    depth = thing.size or 62
    front = thing.x + depth
    left = min(thing.x, front)
    legs = [_rect(edge - 3, thing.y, 6, FLOOR - thing.y, round_=2) for edge in (thing.x, front)]
    return [
        _rect(thing.x - 3, thing.y - 74, 6, 74, round_=2),
        *legs,
        _rect(left, thing.y, abs(depth), 8),
    ]


def _rail(thing: Thing) -> list[str]:
    return [
        _rect(thing.x - 3, thing.y, 6, FLOOR - thing.y, round_=2),
        _rect(thing.x - 14, thing.y - 5, 28, 9),
    ]


def _ball(thing: Thing) -> list[str]:
    radius = thing.size or 11
    return [
        f'<circle cx="{thing.x:g}" cy="{FLOOR - radius:g}" r="{radius:g}" fill="#e08a1e" '
        'stroke="#7a4a0c" stroke-width="3"/>'
    ]


def _bottle(thing: Thing) -> list[str]:
    radius = thing.size or 15
    y = FLOOR - radius
    body = f'<circle cx="{thing.x:g}" cy="{y:g}" r="{radius:g}" fill="#bfe3f2" stroke="#2b6d8c" stroke-width="3"/>'
    flake = " ".join(
        f"M{thing.x - 7 * math.cos(turn):.1f} {y - 7 * math.sin(turn):.1f} "
        f"L{thing.x + 7 * math.cos(turn):.1f} {y + 7 * math.sin(turn):.1f}"
        for turn in (0.0, math.pi / 3, 2 * math.pi / 3)
    )
    return [body, f'<path d="{flake}" stroke="#2b6d8c" stroke-width="3" stroke-linecap="round"/>']


def _towel(thing: Thing) -> list[str]:
    """A rolled towel from its end."""
    x, y = thing.x, thing.y - 6
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="#f3d9b1" stroke="#7a4a0c" stroke-width="2.5"/>',
        f'<path d="M{x + 4:g} {y:g} a4 4 0 1 1 -4 -4" fill="none" stroke="#7a4a0c" stroke-width="2"/>',
    ]


def _moon(thing: Thing) -> list[str]:
    x, y = thing.x, thing.y
    return [f'<path d="M{x:g} {y:g} a22 22 0 1 0 22 28 a18 18 0 0 1 -22 -28 Z" fill="#e3b341"/>']


def _bed(thing: Thing) -> list[str]:
    return [_rect(14, thing.y, 292, 26, round_=8), _rect(20, thing.y - 20, 66, 20, round_=10)]


def _bag(thing: Thing) -> list[str]:
    return [
        f'<rect x="{thing.x:g}" y="{thing.y:g}" width="52" height="30" rx="9" fill="#c9782a"/>',
        f'<path d="M{thing.x + 14:g} {thing.y:g} q12 -18 24 0" fill="none" stroke="#7a4a0c" stroke-width="5"/>',
    ]


def _mat(thing: Thing) -> list[str]:
    return [_rect(thing.x, FLOOR - 8, thing.size or 270, 8)]


_DRAWN = {
    "wall": _wall, "step": _step, "chair": _chair, "rail": _rail, "ball": _ball,
    "bottle": _bottle, "towel": _towel, "bed": _bed, "bag": _bag, "mat": _mat, "moon": _moon,
}  # fmt: skip  # a table
