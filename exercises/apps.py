"""The exercises app."""

from django.apps import AppConfig

AUDITED = (
    "Clinic",
    "Provider",
    "Patient",
    "Exercise",
    "ExerciseAsset",
    "ProgramTemplate",
    "Program",
    "ProgramVersion",
    "IntakeScreen",
    "CheckIn",
    "SessionLog",
    "Alert",
    "Proposal",
    "Review",
    "TreatmentSession",
    "Measure",
)
PICTURES = {"ExerciseAsset": ["content"]}


class ExercisesConfig(AppConfig):
    """People, library, programs and records."""

    name = "exercises"
    verbose_name = "Home exercise programs"

    def ready(self) -> None:
        """Keep who changed what of people, programs and scores."""
        from auditlog.registry import auditlog  # noqa: PLC0415  # it has models: apps must be ready

        for name in AUDITED:
            # A picture is no text to compare.
            auditlog.register(self.get_model(name), exclude_fields=PICTURES.get(name, []))
