"""Texts, consent and wordings in the admin; `NotificationsConfig.ready` registers the pages."""
