"""Texts, consent and wordings in the admin."""

from notifications.admin import care, consent, patients, senders, start, texts, wordings

__all__ = ["care", "consent", "patients", "senders", "start", "texts", "wordings"]
