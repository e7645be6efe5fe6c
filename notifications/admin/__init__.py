"""Texts, consent and wordings in the admin."""

from notifications.admin import consent, patients, senders, start, texts, wordings

__all__ = ["consent", "patients", "senders", "start", "texts", "wordings"]
