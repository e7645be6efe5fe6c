"""A person seen from the side, from hip, hands and feet. Pure: a pose in, shapes out.

Angles are degrees on the screen: 0 points right, 90 down. The person looks to the right.
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pydantic import Field

from exercises.rules.doses import Spec

INK = "#123c43"
FAR = "#8fb3b7"
SHIRT = "#2f7f88"
ANKLE_TO_SOLE = 10.0
TORSO, THIGH, SHIN, UPPER_ARM, FOREARM = 76.0, 60.0, 58.0, 38.0, 36.0
HEAD = 17.0


class Point(NamedTuple):
    """A place on the sheet."""

    x: float
    y: float

    def along(self, angle: float, length: float) -> Point:
        """The place `length` away in the direction `angle`."""
        turn = math.radians(angle)
        return Point(self.x + length * math.cos(turn), self.y + length * math.sin(turn))

    def __str__(self) -> str:
        return f"{self.x:.1f} {self.y:.1f}"


# 1 and -1 are the two ways a joint bends; what lies between is on its way from one to the other.
Bend = Annotated[float, Field(ge=-1, le=1)]


class Leg(Spec):
    """Where the ankle is. `foot` 0 points its toes to the right; None: at the reader. `toes` None
    follow the foot.

    `bend` 1 puts the knee in front, -1 behind.
    """

    ankle: tuple[float, float]
    bend: Bend = 1
    foot: float | None = 0
    toes: float | None = None


class Arm(Spec):
    """Where the hand is; `bend` -1 lets the elbow hang."""

    hand: tuple[float, float]
    bend: Bend = -1


class Pose(Spec):
    """A person by hip, hands and feet; knees and elbows follow. `torso` -90 is upright."""

    hip: tuple[float, float]
    torso: float = -90
    head: float | None = None
    # Where the nose points; None: at the reader.
    nose: float | None = 0
    near: Leg
    far: Leg | None = None
    arm: Arm | None = None
    far_arm: Arm | None = None
    pack: bool = False
    splint: bool = False


def joint(start: Point, end: Point, upper: float, lower: float, bend: float) -> tuple[Point, Point]:
    """The joint between two limbs of these lengths, and the end as far as they reach."""
    line = math.degrees(math.atan2(end.y - start.y, end.x - start.x))
    reach = min(math.dist(start, end), upper + lower - 0.01)
    cosine = (upper**2 + reach**2 - lower**2) / (2 * upper * reach)
    opening = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    return start.along(line - bend * opening, upper), start.along(line, reach)


def _on_foot(ankle: Point, angle: float, forward: float, down: float) -> Point:
    return ankle.along(angle, forward).along(angle + 90, down)


def person(pose: Pose) -> list[str]:
    """SVG shapes of a pose, the far side first."""
    hip = Point(*pose.hip)
    neck = hip.along(pose.torso, TORSO)
    shoulder = hip.along(pose.torso, TORSO - 10)
    shapes = []
    if pose.far is not None:
        shapes += _leg(pose.far, hip, FAR)
    if pose.far_arm is not None:
        shapes += _arm(pose.far_arm, shoulder, FAR)
    if pose.pack:
        shapes.append(_pack(hip, pose.torso))
    shapes.append(_line([hip, neck.along(pose.torso + 180, 8)], SHIRT, 27))
    shapes += _leg(pose.near, hip, INK)
    head = neck.along(pose.torso if pose.head is None else pose.head, HEAD + 3)
    shapes += _head(head, pose.nose)
    if pose.arm is not None:
        shapes += _arm(pose.arm, shoulder, INK, edge=True)
    if pose.splint:
        shapes += _splint(pose.near, hip)
    return shapes


def _line(points: list[Point], colour: str, width: float) -> str:
    path = " L".join(str(point) for point in points)
    return (
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _leg(leg: Leg, hip: Point, colour: str) -> list[str]:
    knee, ankle = joint(hip, Point(*leg.ankle), THIGH, SHIN, leg.bend)
    thigh = _line([hip, knee], colour, 19)
    return [thigh, _line([knee, ankle], colour, 15), *_foot(leg, ankle, colour)]


def _foot(leg: Leg, ankle: Point, colour: str) -> list[str]:
    """A foot with its toes."""
    if leg.foot is None:
        return [f'<circle cx="{ankle.x:.1f}" cy="{ankle.y:.1f}" r="12" fill="{colour}"/>']
    heel = _on_foot(ankle, leg.foot, -8, ANKLE_TO_SOLE - 4)
    ball = _on_foot(ankle, leg.foot, 20, ANKLE_TO_SOLE - 4)
    toes = leg.foot if leg.toes is None else leg.toes
    body = f'<path d="M{ankle} L{heel} L{ball} Z" fill="{colour}" stroke="{colour}" '
    body += 'stroke-width="9" stroke-linejoin="round"/>'
    return [body, _line([ball, ball.along(toes, 11)], colour, 8)]


def _arm(arm: Arm, shoulder: Point, colour: str, *, edge: bool = False) -> list[str]:
    elbow, hand = joint(shoulder, Point(*arm.hand), UPPER_ARM, FOREARM, arm.bend)
    limb = [shoulder, elbow, hand]
    # A pale edge keeps an arm apart from the body behind it, also in black and white.
    outline = [_line(limb, "#ffffff", 16)] if edge else []
    return [*outline, _line(limb, colour, 11)]


def _head(head: Point, nose: float | None) -> list[str]:
    round_ = f'<circle cx="{head.x:.1f}" cy="{head.y:.1f}" r="{HEAD:g}" fill="{INK}"/>'
    if nose is not None:
        return [round_, _line([head.along(nose, HEAD - 2), head.along(nose, HEAD + 1)], INK, 7)]
    eyes = [Point(head.x - 3, head.y + side) for side in (-6, 6)]
    return [round_, *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="#fff"/>' for x, y in eyes)]


def _pack(hip: Point, torso: float) -> str:
    low = hip.along(torso, 22).along(torso - 90, 22)
    return _line([low, low.along(torso, 34)], "#c9782a", 24)


def _splint(leg: Leg, hip: Point) -> list[str]:
    """A night splint: a shell behind the shin and under the foot, two straps."""
    knee, ankle = joint(hip, Point(*leg.ankle), THIGH, SHIN, leg.bend)
    shin = math.degrees(math.atan2(ankle.y - knee.y, ankle.x - knee.x))
    foot = leg.foot or 0
    top = knee.along(shin, 16).along(shin + 90, 12)
    heel = _on_foot(ankle, foot, -12, ANKLE_TO_SOLE + 6)
    toe = _on_foot(ankle, foot, 36, ANKLE_TO_SOLE + 6)
    straps = []
    for down in (26, 44):
        middle = knee.along(shin, down)
        edges = [middle.along(shin + 90, 12), middle.along(shin - 90, 10)]
        straps.append(_line(edges, "#c9782a", 6))
    return [_line([top, heel, toe], "#c9782a", 8), *straps]
