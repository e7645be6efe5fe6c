"""The Django project: settings, the Celery app, errors, logging, checks and local services."""

from hep.celery import app as celery_app

__all__ = ["celery_app"]
