"""What a patient should know: the cards of their programs, by week and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exercises.models import InfoCardText, Program
from exercises.rules.plan import DAYS_IN_WEEK


@dataclass(frozen=True, slots=True)
class Card:
    """A card in the patient's language; `week` is None for one that is good at any time."""

    week: int | None
    title: str
    paragraphs: Sequence[str]


def cards_of(programs: Sequence[Program], day: date) -> list[Card]:
    """The cards up to the week of `day` of each of one patient's programs, the newest first, then
    those for any time. One query; a card of several programs stands once, as early as it may.
    """
    weeks = {
        row.template_id: (day - row.start_date).days // DAYS_IN_WEEK + 1
        for row in programs
        if row.template_id and row.start_date <= day
    }
    if not weeks:
        return []
    texts = InfoCardText.objects.filter(
        card__templates__in=weeks, language=programs[0].patient.language
    )
    rows = texts.order_by("card__slug", "pk").values_list(
        "pk", "card__week", "title", "paragraphs", "card__templates"
    )
    found = {
        key: Card(week, title, paragraphs)
        for key, week, title, paragraphs, template in rows
        if week is None or week <= weeks.get(template, 0)
    }
    return sorted(found.values(), key=lambda card: (card.week is None, -(card.week or 0)))
