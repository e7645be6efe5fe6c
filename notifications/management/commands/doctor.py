"""`manage.py doctor`: whether this installation is well, question by question."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.monitoring.doctor import State, examine


class Command(BaseCommand):
    """Changes nothing."""

    help = "Say what is not well here, and what to do; exits with 1 where something is bad."
    # It runs them itself, and tells what they say.
    requires_system_checks: list[str] = []  # noqa: RUF012  # as Django's own commands have it

    def handle(self, *_: Any, **__: Any) -> None:
        """Raises CommandError when something is bad."""
        answers = list(examine())
        for answer in answers:
            self.stdout.write(f"{answer.state:5} {answer.name:11} {answer.words}")
        if bad := [answer.name for answer in answers if answer.state is State.BAD]:
            raise CommandError(f"Not well: {', '.join(bad)}.")
