"""Importing this registers every page of texts, and the panels on pages of `exercises`."""

from notifications.admin import (
    alerts,
    consent,
    inbox,
    patients,
    programs,
    senders,
    start,
    texts,
    wordings,
)

__all__ = [
    "alerts",
    "consent",
    "inbox",
    "patients",
    "programs",
    "senders",
    "start",
    "texts",
    "wordings",
]
