"""The shapes of the content files; reading one checks it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, TypeAdapter, model_validator

from exercises.content.drawing.sheet import Sheet
from exercises.rules.doses import Spec
from exercises.rules.limits import LIMITS
from exercises.rules.phases import Phases, check_phases
from exercises.rules.questions import MainQuestion
from hep.yaml_file import read_yaml

FOLDER = Path(__file__).parent
DRAWINGS = FOLDER / "drawings"
MOVING = DRAWINGS / "moving"

Citation = Annotated[str, Field(pattern=r"^(doi:10\.\d{4,}/\S+|PMID \d+|unverified)$")]
Line = Annotated[str, Field(min_length=3, max_length=200)]


class SourcedContent(Spec):
    """Content that rests on a source."""

    evidence: str
    citation: Citation
    verified: bool


class EquipmentContent(Spec):
    """A thing a patient needs."""

    slug: str
    name: str
    name_es: str
    product_url: str = Field(default="", pattern=r"^(https://\S+)?$")


class TextContent(Spec):
    """An exercise in one language."""

    name: str = Field(max_length=80)
    steps: list[Line] = Field(min_length=2)
    cues: list[Line] = Field(min_length=1)
    mistakes: list[Line] = Field(min_length=1)
    stop_if: str = Field(min_length=3, max_length=300)
    alt: str = Field(min_length=10, max_length=300)


class ExerciseContent(SourcedContent):
    """A library item."""

    slug: str
    name: str
    minutes: int = Field(ge=LIMITS["minutes"][0], le=LIMITS["minutes"][1])
    equipment: list[str]
    grade: str = Field(min_length=1, max_length=20)
    ladder: list[str] = Field(default_factory=list)
    easier: str | None = None
    contraindications: str = Field(min_length=3)
    texts: dict[str, TextContent]


class CardTextContent(Spec):
    """A card in one language."""

    title: str = Field(max_length=80)
    paragraphs: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1)


class CardContent(SourcedContent):
    """An information card."""

    slug: str
    week: int | None = Field(default=None, ge=1)
    texts: dict[str, CardTextContent]


class TemplateContent(SourcedContent):
    """A program to copy from."""

    slug: str
    name: str
    description: str
    screen: str
    question: MainQuestion = MainQuestion.FIRST_STEP
    cards: list[str] = Field(default_factory=list)
    phases: Phases

    @model_validator(mode="after")
    def phases_follow_each_other(self) -> Self:
        """No week in two phases or in none."""
        check_phases(self.phases)
        return self


class OptionContent(Spec):
    """Something to consider at a review, with what speaks for and against it."""

    key: str
    name: str
    # The intake screens whose programs it is for; none: for every program.
    screens: list[str] = Field(default_factory=list)
    from_week: int
    grade: str
    for_it: str = Field(alias="for")
    against: str
    citations: list[Citation] = Field(min_length=1)
    verified: bool


class _Library(Spec):
    exercises: list[ExerciseContent]


class _Equipment(Spec):
    equipment: list[EquipmentContent]


class _Templates(Spec):
    templates: list[TemplateContent]


class _Cards(Spec):
    cards: list[CardContent]


class _Ladder(Spec):
    options: list[OptionContent]


def content(name: str) -> Any:
    return read_yaml(FOLDER / name)


def read_equipment() -> list[EquipmentContent]:
    """What patients need. This and each reader below raise pydantic's error naming the place."""
    return _Equipment.model_validate(content("library/equipment.yaml")).equipment


def read_exercises() -> list[ExerciseContent]:
    """Every exercise of the shared library."""
    regions = ("foot", "calf", "knee")
    files = [_Library.model_validate(content(f"library/{region}.yaml")) for region in regions]
    return [exercise for file in files for exercise in file.exercises]


def read_templates() -> list[TemplateContent]:
    """Every shared template."""
    return _Templates.model_validate(content("templates.yaml")).templates


def read_cards() -> list[CardContent]:
    """Every information card."""
    return _Cards.model_validate(content("cards.yaml")).cards


@cache
def review_options() -> tuple[OptionContent, ...]:
    """What to consider at a review, in the order of the ladder (docs/clinical-rules.md#reviews)."""
    return tuple(_Ladder.model_validate(content("ladder.yaml")).options)


@cache
def sheets() -> dict[str, Sheet]:
    """The poses of each exercise by its slug. Raises pydantic's error naming the place."""
    return TypeAdapter(dict[str, Sheet]).validate_python(content("poses.yaml"))


@cache
def lowering() -> frozenset[str]:
    """The exercises that begin by going down."""
    return frozenset(slug for slug, sheet in sheets().items() if sheet.lowers)


@cache
def progress_words() -> dict[str, ProgressWords]:
    """Sentences about a patient's course, by language."""
    return {key: ProgressWords.model_validate(row) for key, row in content("progress.yaml").items()}


class ProgressWords(Spec):
    """How a patient reads their course; `what` by the program's question."""

    what: dict[MainQuestion, str]
    early: str
    better: str
    same: str
    worse: str


class HandoutWords(Spec):
    """What stands on a printed handout, in one language; `slots` by time of the day."""

    title: str
    for_: str = Field(alias="for")
    week: str
    phase: str
    tick: str
    pain: dict[MainQuestion, str]
    ramp: str
    text: str
    said: dict[str, str] = Field(default_factory=dict)
    call: str
    ask: str
    emergency: str
    days: list[str] = Field(min_length=7, max_length=7)
    sets_of_reps: str
    reps: str
    sets: str
    hold: str
    minutes: str
    hours: str
    tempo: str
    weight: str
    start_test: str
    band: str
    colours: dict[str, str]
    slots: dict[str, str]


@cache
def handout_words() -> dict[str, HandoutWords]:
    """The words of a handout by language."""
    return {
        language: HandoutWords.model_validate(words)
        for language, words in content("handout.yaml").items()
    }
