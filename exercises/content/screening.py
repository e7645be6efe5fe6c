"""What intake screens ask, and what each answer speaks against."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from pydantic import Field

from exercises.content.files import content
from exercises.rules.doses import Spec
from exercises.rules.screening import Against, fits


class PatternContent(Spec):
    """A sign that fits the condition."""

    key: str
    question: str


class RedFlagContent(Spec):
    """A sign that needs somebody to look first: docs/clinical-rules.md#red-flags."""

    key: str
    question: str
    think_of: str
    urgency: str


class BeforeContent(Spec):
    """Something to know before assigning, and the exercises it speaks against (`*`: all)."""

    key: str
    question: str
    advice: str
    # The screens it is asked on; none: on each.
    screens: list[str] = Field(default_factory=list)
    not_with: list[str]
    instead: dict[str, str] = Field(default_factory=dict)

    @property
    def against(self) -> Against:
        """As the rules take it."""
        return Against(f"{self.question}: {self.advice}", frozenset(self.not_with), self.instead)


class BeginWithContent(Spec):
    """What to begin with when fewer slow raises than this were done."""

    fewer_than: int = Field(ge=1)
    exercise: str


class StartTestContent(Spec):
    """The exercises a start test is for, and what to begin with, the least able first."""

    one_leg: list[str] = Field(min_length=1)
    begin_with: list[BeginWithContent] = Field(min_length=1)

    @property
    def easier(self) -> range:
        """The counts between those for both legs and those for one."""
        return range(self.begin_with[0].fewer_than, self.begin_with[-1].fewer_than)

    def against(self, raises: int) -> Against | None:
        """What `raises` slow raises on one leg speak against; None: nothing."""
        for row in self.begin_with:
            if raises < row.fewer_than:
                why = f"{raises} slow raises on the sore leg, fewer than {row.fewer_than}"
                instead = dict.fromkeys(self.one_leg, row.exercise)
                return Against(f"{why}.", frozenset(self.one_leg), instead)
        return None


class ScreenContent(Spec):
    """What to ask before assigning: `pattern_needed` signs fit, one of each of `needed` among
    them; any red flag stops.
    """

    slug: str
    pattern_needed: int = Field(ge=1)
    needed: list[list[str]] = Field(default_factory=list)
    pattern: list[PatternContent] = Field(min_length=1)
    red_flags: list[str] = Field(min_length=1)

    @property
    def must_be_there(self) -> list[str]:
        """What must be among the signs, each as one sentence of what may stand for it."""
        asked = {row.key: row.question for row in self.pattern}
        return [" or ".join(asked[key] for key in group) for group in self.needed]

    def fits(self, found: Collection[str]) -> bool:
        """Whether the signs `found` are those of the condition."""
        return fits(found, least=self.pattern_needed, needed=self.needed)


class _Screens(Spec):
    screens: list[ScreenContent]
    red_flags: list[RedFlagContent]
    before: list[BeforeContent]
    start_test: StartTestContent


@cache
def _content() -> _Screens:
    return _Screens.model_validate(content("screens.yaml"))


@cache
def screens() -> dict[str, ScreenContent]:
    """The intake screens by slug."""
    return {screen.slug: screen for screen in _content().screens}


@cache
def red_flags() -> dict[str, RedFlagContent]:
    """Every red flag of the intake screens by key."""
    return {flag.key: flag for flag in _content().red_flags}


@cache
def before_assigning() -> dict[str, BeforeContent]:
    """What is asked of everybody before a program is assigned, by key."""
    return {row.key: row for row in _content().before}


def asked_before(screen: str) -> dict[str, BeforeContent]:
    """Those that are asked on a screen, by key."""
    return {
        key: row
        for key, row in before_assigning().items()
        if not row.screens or screen in row.screens
    }


@cache
def start_test() -> StartTestContent:
    """What a start test decides."""
    return _content().start_test
