"""The notifications app."""

from django.apps import AppConfig

AUDITED = ("ClinicTexting", "ClinicWording", "Sender", "TextingSwitch")


class NotificationsConfig(AppConfig):
    """Texts out, texts in, and who agreed to them."""

    name = "notifications"
    verbose_name = "Texts"

    def ready(self) -> None:
        """Register readiness checks, figures and the admin's pages; importing them does."""
        from exercises.page.visitor import MENU  # noqa: PLC0415
        from exercises.reads.visit import tell_of_words  # noqa: PLC0415
        from exercises.services.heeding import read_by  # noqa: PLC0415
        from exercises.services.watch import tell_of_texts  # noqa: PLC0415
        from hep.auditing import keep_changes  # noqa: PLC0415
        from notifications.admin import pages  # noqa: F401, PLC0415
        from notifications.incoming.words import WrittenWords  # noqa: PLC0415
        from notifications.messages import Notes  # noqa: PLC0415
        from notifications.monitoring import figures, heartbeat  # noqa: F401, PLC0415
        from notifications.outgoing import senders  # noqa: F401, PLC0415
        from notifications.outgoing.asked import TextsOfProgram  # noqa: PLC0415

        keep_changes(self, AUDITED, {})
        tell_of_texts(TextsOfProgram())
        tell_of_words(WrittenWords())
        read_by(Notes())
        MENU.extend([("page-messages", "messages"), ("page-settings", "settings")])
