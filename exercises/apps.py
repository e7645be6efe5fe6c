"""The exercises app."""

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    """People, library, programs and records."""

    name = "exercises"
    verbose_name = "Home exercise programs"

    def ready(self) -> None:
        """Keep who changed what of people, programs and scores."""
        from auditlog.registry import auditlog  # noqa: PLC0415  # it has models: apps must be ready

        for name in ("Clinic", "Provider", "Patient", "Program", "CheckIn", "SessionLog", "Alert"):
            auditlog.register(self.get_model(name))
