"""The provider's workplace: pages for people, library, programs, records and alerts."""

from exercises.admin import alerts, library, people, programs

__all__ = ["alerts", "library", "people", "programs"]
