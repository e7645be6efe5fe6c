"""A foot from close by, for what only the foot does. Pure."""

from __future__ import annotations

from typing import Literal

from exercises.phases import Spec

SKIN = "#123c43"
BAND = "#e08a1e"
HAND = "#2f7f88"
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
    """A foot large: from the side (toes to the right) or from the front."""

    view: Literal["side", "front"] = "side"
    # From the side: degrees the toes point down (negative: up). From the front: degrees turned.
    turn: float = 0
    arch: float = 0.35
    toes: Literal["flat", "curled", "back"] = "flat"
    hand: bool = False
    towel: Literal["", "flat", "bunched"] = ""
    band: Literal["", "up", "down", "left", "right"] = ""
    ghost: bool = False


def close_up(close: Close) -> list[str]:
    """SVG shapes of a foot."""
    shapes = _towel(close) + _band(close)
    if close.ghost:
        shapes += [
            f'<g opacity="0.25">{shape}</g>'
            for shape in _foot(close.model_copy(update={"turn": 0}))
        ]
    return shapes + _foot(close)


def _foot(close: Close) -> list[str]:
    if close.view == "front":
        shin = f'<path d="M160 40 V150" stroke="{SKIN}" stroke-width="54" stroke-linecap="round"/>'
        toes = "".join(
            f'<circle cx="{x}" cy="{y}" r="{r}" fill="{SKIN}" stroke="#ffffff" stroke-width="2.5"/>'
            for x, y, r in (
                (128, 250, 15),
                (149, 256, 11),
                (166, 256, 10),
                (181, 253, 9),
                (194, 248, 8),
            )
        )
        foot = f'<path d="M136 140 C126 180 112 215 114 246 Q158 276 204 246 C204 215 194 180 184 140 Z" fill="{SKIN}"/>'
        return [shin, f'<g transform="rotate({close.turn:g} 160 150)">{foot}{toes}</g>']
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
    """A band around the front of the foot, held tight against the movement."""
    ends = {"up": "M228 250 L302 300", "down": "M232 262 L236 60 M222 258 L216 60"}
    ends |= {
        "left": "M200 226 L306 226 M200 240 L306 240",
        "right": "M120 226 L14 226 M120 240 L14 240",
    }
    if not close.band:
        return []
    return [
        f'<path d="{ends[close.band]}" stroke="{BAND}" stroke-width="9" stroke-linecap="round"/>'
    ]
