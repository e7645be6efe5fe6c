"""How lists are searched, filtered and ordered: what is not understood is refused, never ignored.

An app that sends `?patient=` with nothing behind it would otherwise get everybody's rows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import QuerySet
from django_filters import BooleanFilter, CharFilter, DateFilter, IsoDateTimeFilter, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import BaseFilterBackend, SearchFilter
from rest_framework.request import Request

from hep.errors import InvalidInputError
from hep.names import search_words


class YesNoField(forms.Field):
    """`true` or `false`."""

    def to_python(self, value: Any) -> bool | None:
        """The answer; None when nothing was asked. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise forms.ValidationError("Use true or false.", code="invalid")
        return bool(value == "true")


class YesNoFilter(BooleanFilter):  # type: ignore[misc]  # django-filter has no type stubs
    """django-filter's own takes any other word for no filter."""

    field_class = YesNoField


class InstantField(forms.Field):
    """A moment with its zone; without one it would mean something else for each who asks."""

    def to_python(self, value: Any) -> datetime | None:
        """The moment; None when nothing was asked. Raises ValidationError."""
        if value in self.empty_values:
            return None
        moment = _moment(value)
        if moment is None:
            message = "Use a time with its zone, such as 2026-03-01T08:00:00Z."
            raise forms.ValidationError(message, code="invalid")
        return moment


def _moment(value: str) -> datetime | None:
    """In UTC: PostgreSQL takes no zone that is sixteen hours away."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@extend_schema_field({"type": "string", "minLength": 1})
class TextFilter(CharFilter):  # type: ignore[misc]  # likewise
    """Exactly this text."""


@extend_schema_field({"type": "integer"})
class WholeFilter(NumberFilter):  # type: ignore[misc]  # likewise
    """A whole number."""

    field_class = forms.IntegerField


class DayFilter(DateFilter):  # type: ignore[misc]  # likewise
    """A day as 2026-03-01: 03/04 is April for one and March for another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class InstantFilter(IsoDateTimeFilter):  # type: ignore[misc]  # likewise
    """A moment."""

    field_class = InstantField


class Filters(FilterSet):  # type: ignore[misc]  # likewise
    """Base of the filters of every list."""

    FILTER_DEFAULTS = FilterSet.FILTER_DEFAULTS | {
        models.CharField: {"filter_class": TextFilter},
        models.DateField: {"filter_class": DayFilter},
        models.PositiveSmallIntegerField: {"filter_class": WholeFilter},
    }


class DatedFilters(Filters):
    """Rows of a day on the patient's calendar, or of days from one to another."""

    since = DayFilter(field_name="local_date", lookup_expr="gte", label="On this day or later.")
    until = DayFilter(field_name="local_date", lookup_expr="lte", label="On this day or before.")


class FilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # likewise
    """By the view's `filterset_class`."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Raises InvalidInputError for a filter without a value, or that the list does not have."""
        filters = self.get_filterset_class(view, queryset)
        known = set(getattr(filters, "base_filters", ()))
        asked = request.query_params.keys() & known
        for name in asked:
            if request.query_params[name] == "":
                raise InvalidInputError(name, "Give a value, or leave it out.")
        self._refuse_others(request, view, known)
        # Most requests ask for none, and a form costs more than a query.
        filtered: QuerySet[Any] = queryset
        if asked:
            filtered = super().filter_queryset(request, queryset, view)
        return filtered

    @staticmethod
    def _refuse_others(request: Request, view: Any, known: set[str]) -> None:
        """A misspelt filter would answer everybody's rows."""
        known = known | {view.paginator.cursor_query_param, view.paginator.page_size_query_param}
        known |= {Search.search_param} if getattr(view, "search_fields", None) else set()
        known |= {Ordering.parameter} if getattr(view, "ordering_fields", None) else set()
        for name in request.query_params:
            if name not in known:
                message = f"Use some of: {', '.join(sorted(known))}."
                raise InvalidInputError(name, message, code="no_such_filter")


class Search(SearchFilter):
    """In the view's `search_fields`; the document names it only where there are some."""

    def get_search_terms(self, request: Request) -> list[str]:
        """A few words, as the rows have them; DRF's own would ask the database once for each of a
        thousand.
        """
        terms: list[str] = super().get_search_terms(request)
        return search_words(" ".join(terms)).split()

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """One parameter, or none."""
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        return found if getattr(view, "search_fields", None) else []


class Ordering(BaseFilterBackend):
    """By one of the view's `ordering_fields`, backwards with a minus."""

    parameter = "ordering"
    # Rows that are equal by what was asked still have one order.
    last: ClassVar = "pk"

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """The pages order the rows: they ask `get_ordering`."""
        return queryset

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> tuple[str, ...] | None:
        """As asked for; None when nothing was. Raises InvalidInputError."""
        asked = request.query_params.get(self.parameter)
        choices = self._choices(view)
        if asked is None or not choices:
            return None
        if asked not in choices:
            raise InvalidInputError(self.parameter, f"Use one of: {', '.join(choices)}.")
        return asked, self.last

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """One parameter with its values, or none."""
        choices = self._choices(view)
        described = {
            "name": self.parameter,
            "in": "query",
            "required": False,
            "description": "A minus turns it around.",
            "schema": {"type": "string", "enum": choices},
        }
        return [described] if choices else []

    @staticmethod
    def _choices(view: Any) -> list[str]:
        return [sign + name for name in getattr(view, "ordering_fields", ()) for sign in ("", "-")]
