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
        """Register the admin's pages; keep who changed what of people, programs and scores."""
        # Both have models: apps must be ready.
        from auditlog.admin import LogEntryAdmin  # noqa: PLC0415
        from auditlog.registry import auditlog  # noqa: PLC0415

        from exercises.admin import pages  # noqa: F401, PLC0415  # importing registers

        # auditlog's own asks for fields that our accounts do not have, and every search was a 500.
        LogEntryAdmin.search_fields = ["object_repr", "object_pk", "changes", "actor__email"]
        for name in AUDITED:
            # A picture is no text to compare.
            auditlog.register(self.get_model(name), exclude_fields=PICTURES.get(name, []))
