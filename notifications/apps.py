"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Texts out, texts in, and who agreed to them."""

    name = "notifications"
    verbose_name = "Texts"

    def ready(self) -> None:
        """Register the readiness checks of the tick and the senders."""
        from notifications import heartbeat, senders  # noqa: F401, PLC0415  # importing registers
