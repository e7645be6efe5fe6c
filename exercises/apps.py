"""The exercises app."""

from django.apps import AppConfig

AUDITED = (
    "Clinic",
    "User",
    "Provider",
    "Patient",
    "Exercise",
    "ExerciseText",
    "ExerciseAsset",
    "InfoCard",
    "InfoCardText",
    "ProgramTemplate",
    "TemplatePhase",
    "TemplateItem",
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
    "Barrier",
    "Erasure",
)
# A picture is no text to compare; a password is nothing to keep, and a sign-in no change.
LEFT_OUT = {"ExerciseAsset": ["content"], "User": ["password", "last_login"]}


class ExercisesConfig(AppConfig):
    """People, library, programs and records."""

    name = "exercises"
    verbose_name = "Home exercise programs"

    def ready(self) -> None:
        """Register the admin's pages; keep who changed what of people, programs and scores."""
        # They have models: apps must be ready.
        from auditlog.admin import LogEntryAdmin  # noqa: PLC0415

        from exercises.admin import pages  # noqa: F401, PLC0415  # importing registers
        from hep.auditing import keep_changes  # noqa: PLC0415

        # auditlog's own asks for fields that our accounts do not have, and every search was a 500.
        LogEntryAdmin.search_fields = ["object_repr", "object_pk", "changes", "actor__email"]
        keep_changes(self, AUDITED, LEFT_OUT)
