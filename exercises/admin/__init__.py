"""The provider's workplace: pages for people, library, programs and records."""

from exercises.admin import library, people, programs

__all__ = ["library", "people", "programs"]
