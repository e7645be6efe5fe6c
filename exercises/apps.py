"""The exercises app."""

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    """People, library, programs and records."""

    name = "exercises"
    verbose_name = "Home exercise programs"
