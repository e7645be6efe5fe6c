"""The project as an app: templates, static files and system checks."""

from __future__ import annotations

from django.apps import AppConfig


class HepConfig(AppConfig):
    """Loads the checks of `hep.checks` and the figures of `hep.backups`."""

    name = "hep"
    verbose_name = "Home exercise programs"

    def ready(self) -> None:
        """Register system checks and figures."""
        from hep import backups, checks  # noqa: F401, PLC0415  # importing registers; apps must be ready
