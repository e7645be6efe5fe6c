"""Importing this registers every page of texts, and the panels on pages of `exercises`."""

from notifications.admin import care, consent, patients, senders, start, texts, wordings

__all__ = ["care", "consent", "patients", "senders", "start", "texts", "wordings"]
