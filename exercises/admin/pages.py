"""Importing this registers every page: people, library, programs, records and alerts."""

from exercises.admin import (
    alerts,
    care,
    decisions,
    library,
    patients,
    people,
    programs,
    second_step,
    templates,
)

__all__ = [
    "alerts",
    "care",
    "decisions",
    "library",
    "patients",
    "people",
    "programs",
    "second_step",
    "templates",
]
