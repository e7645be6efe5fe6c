"""A foot from close by, for what only the foot does. Pure."""

from __future__ import annotations

import math
from typing import Literal

from exercises.rules.doses import Spec

SKIN = "#123c43"
BAND = "#e08a1e"
HAND = "#123c43"
_TOES = {
    "flat": "M222 264 H262",
    "curled": "M222 260 Q248 246 250 268",
    "back": "M222 262 Q250 252 256 222",
}
# A hand that holds the toes, its arm coming from the upper right.
_HANDS = {
    "flat": f'<path d="M262 250 L330 190" stroke="{HAND}" stroke-width="26" stroke-linecap="round"/>'
    f'<path d="M250 246 L270 276" stroke="{HAND}" stroke-width="17" stroke-linecap="round"/>',
    "back": f'<path d="M256 208 L316 120" stroke="{HAND}" stroke-width="26" stroke-linecap="round"/>'
    f'<path d="M238 218 L274 232" stroke="{HAND}" stroke-width="17" stroke-linecap="round"/>',
}


class Close(Spec):
    """A foot large: from the side (toes to the right) or from above (toes at the top)."""

    view: Literal["side", "top"] = "side"
    # From the side: degrees the toes point down (negative: up). From above: turned to the right.
    turn: float = 0
    arch: float = 0.35
    toes: Literal["flat", "curled", "back"] = "flat"
    hand: bool = False
    towel: Literal["", "flat", "bunched"] = ""
    # Where the band is held: on a post in front or at a side, or in the hands.
    band: Literal["", "front", "hands", "left", "right"] = ""
    ghost: bool = False


def close_up(close: Close) -> list[str]:
    """SVG shapes of a foot."""
    shapes = _towel(close)
    if close.ghost:
        shapes += [
            f'<g opacity="0.25">{shape}</g>'
            for shape in _foot(close.model_copy(update={"turn": 0}))
        ]
    return [*shapes, *_foot(close), *_band(close)]


def _foot(close: Close) -> list[str]:
    if close.view == "top":
        toes = "".join(
            f'<circle cx="{x}" cy="{y}" r="{r}" fill="{SKIN}" stroke="#ffffff" stroke-width="2.5"/>'
            for x, y, r in (
                (131, 92, 17),
                (155, 80, 12),
                (173, 86, 11),
                (188, 96, 10),
                (201, 110, 9),
            )
        )
        foot = f'<path d="M118 100 C108 160 128 200 130 250 Q160 292 190 250 C194 200 214 160 208 116 Q164 84 118 100 Z" fill="{SKIN}"/>'
        ankle = '<circle cx="160" cy="236" r="24" fill="none" stroke="#ffffff" stroke-width="3"/>'
        return [f'<g transform="rotate({close.turn:g} 160 244)">{foot}{toes}{ankle}</g>']
    shin = f'<path d="M112 30 L112 196" stroke="{SKIN}" stroke-width="56" stroke-linecap="round"/>'
    rise = 40 * close.arch
    sole = f"Q150 {274 - 2 * rise:g} 206 274"
    body = (
        f'<path d="M84 190 C76 235 74 262 88 274 Q100 280 116 274 {sole} L232 268 '
        f'C226 238 176 226 142 {184 - rise * 0.4:g} Z" fill="{SKIN}" stroke="{SKIN}" stroke-width="8" stroke-linejoin="round"/>'
    )
    toe = (
        f'<path d="{_TOES[close.toes]}" fill="none" stroke="{SKIN}" stroke-width="20" '
        'stroke-linecap="round"/>'
    )
    if close.hand:
        toe += _HANDS[close.toes]
    return [shin, f'<g transform="rotate({close.turn:g} 112 200)">{body}{toe}</g>']


def _towel(close: Close) -> list[str]:
    if close.towel == "flat":
        path = "M60 284 H300"
    elif close.towel == "bunched":
        path = "M60 284 H168 q10 -34 20 0 q10 -46 20 0 q10 -40 20 0 H246"
    else:
        return []
    return [
        f'<path d="{path}" fill="none" stroke="#d9a55b" stroke-width="9" stroke-linecap="round" stroke-linejoin="round"/>'
    ]


def _band(close: Close) -> list[str]:
    """A band around the moved forefoot, held tight against the movement, two strands of it."""
    if not close.band:
        return []
    pivot, middle = ((112, 200), (206, 252)) if close.view == "side" else ((160, 244), (163, 132))
    x, y = _turned(middle, pivot, close.turn)
    ends = {"front": (296, 290), "hands": (206, 44), "left": (34, 150), "right": (286, 150)}
    end_x, end_y = ends[close.band]
    strands = "".join(
        f'<path d="M{x + side:.1f} {y + side:.1f} L{end_x} {end_y}" stroke="{BAND}" stroke-width="8" stroke-linecap="round"/>'
        for side in (-7, 7)
    )
    across = (90 if close.view == "side" else 0) + close.turn
    loop = (
        f'<g transform="rotate({across:g} {x:.1f} {y:.1f})"><rect x="{x - 46:.1f}" y="{y - 8:.1f}" '
        f'width="92" height="16" rx="8" fill="{BAND}"/></g>'
    )
    if close.view == "side":
        loop = loop.replace('width="92"', 'width="52"').replace(
            f'x="{x - 46:.1f}"', f'x="{x - 26:.1f}"'
        )
    held = (
        f'<circle cx="{end_x}" cy="{end_y}" r="15" fill="{HAND}"/>'
        if close.band == "hands"
        else f'<rect x="{end_x - 9}" y="{end_y - 30}" width="18" height="60" rx="4" fill="#7a868c"/>'
    )
    return [strands, loop, held]


def _turned(
    point: tuple[float, float], pivot: tuple[float, float], degrees: float
) -> tuple[float, float]:
    turn = math.radians(degrees)
    dx, dy = point[0] - pivot[0], point[1] - pivot[1]
    return (
        pivot[0] + dx * math.cos(turn) - dy * math.sin(turn),
        pivot[1] + dx * math.sin(turn) + dy * math.cos(turn),
    )
