"""What another app adds to a page of ours, without our knowing of it.

An app registers a panel in its `ready`; the page asks each of its panels at the places below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from exercises.admin.base import TenantAdmin


class Panel:
    """A part of an admin page that belongs to another app; every piece may be left out.

    `columns` and `fields` are callables as Django's `list_display` and `readonly_fields` take them,
    `actions` bulk actions `(page, request, queryset)`, `pages` names of methods of the panel that
    are unfold actions `(request, object_id)` shown above a row.
    """

    columns: Sequence[Callable[..., object]] = ()
    filters: Sequence[type[admin.SimpleListFilter]] = ()
    fields: Sequence[Callable[..., object]] = ()
    actions: Sequence[Callable[..., object]] = ()
    pages: Sequence[str] = ()
    # Instead of the page's own, which it extends.
    template = ""
    # Fields of its own on the form of a new row, as a mixin of that form.
    adding: type[forms.Form] | None = None
    media: ClassVar[forms.Media] = forms.Media()

    def __init__(self) -> None:
        self.page: PaneledAdmin

    def annotate(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the list with what the columns and filters need."""
        return rows

    def urls(self) -> list[URLPattern]:
        """Addresses below the page's own."""
        return []

    def context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the template shows of a row, or of one that is only looked at so far."""
        del request, row
        return {}

    def added(self, request: HttpRequest, row: Any, told: dict[str, Any]) -> None:
        """A new row is saved, and `told` is what its form holds."""

    def next_page(self, request: HttpRequest, row: Any) -> str:
        """The address to go to after a new row was saved; empty: wherever the page leads."""
        del request, row
        return ""

    def opened(self, request: HttpRequest, row: Any) -> None:
        """Somebody opened the row's page, or has just made the row."""


class PaneledAdmin(TenantAdmin):
    """A page that other apps may add panels to."""

    page_template = ""

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self.panels: list[Panel] = []

    def add_panel(self, panel: Panel) -> None:
        """Show `panel` on this page from now on."""
        panel.page = self
        self.panels.append(panel)
        for name in panel.pages:
            setattr(self, name, getattr(panel, name))
        # On this page alone, not on its class.
        for name, more in (
            ("list_display", panel.columns),
            ("list_filter", panel.filters),
            ("actions", panel.actions),
            ("actions_detail", panel.pages),
        ):
            setattr(self, name, [*getattr(self, name), *more])
        if panel.template:
            setattr(self, "page_template", panel.template)  # noqa: B010  # likewise

    @property
    def media(self) -> forms.Media:
        """With the panels' scripts and styles."""
        media: forms.Media = super().media
        for panel in self.panels:
            media += panel.media
        return media

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the panels' columns need."""
        rows: QuerySet[Any] = super().get_queryset(request)
        for panel in self.panels:
            rows = panel.annotate(rows)
        return rows

    def get_urls(self) -> list[URLPattern]:
        """With the panels' addresses, before those that take any text for a key."""
        own = [url for panel in self.panels for url in panel.urls()]
        return [*own, *super().get_urls()]

    def panel_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the panels show of a row."""
        found: dict[str, Any] = {}
        for panel in self.panels:
            found |= panel.context(request, row)
        return found

    def panel_fields(self) -> tuple[Callable[..., object], ...]:
        """The panels' read-only fields."""
        return tuple(field for panel in self.panels for field in panel.fields)

    def with_panels(self, form: type[forms.ModelForm[Any]]) -> type[forms.ModelForm[Any]]:
        """The form of a new row with the panels' own fields."""
        mixins = [panel.adding for panel in self.panels if panel.adding]
        return type(form.__name__, (*mixins, form), {})

    def tell_panels_added(self, request: HttpRequest, row: Any, told: dict[str, Any]) -> None:
        """Let each panel keep what it asked for."""
        for panel in self.panels:
            panel.added(request, row, told)

    def next_of_panels(self, request: HttpRequest, row: Any) -> str:
        """Where a panel wants to go after a new row; empty: none does."""
        return next(filter(None, (panel.next_page(request, row) for panel in self.panels)), "")

    def tell_panels_opened(self, request: HttpRequest, row: Any) -> None:
        """Let each panel say what somebody who opens the row should know."""
        for panel in self.panels:
            panel.opened(request, row)


def add_panel(model: type[Model], panel: Panel) -> None:
    """Show `panel` on the page of `model`, which must be one that takes panels."""
    page = admin.site.get_model_admin(model)
    if not isinstance(page, PaneledAdmin):
        raise TypeError(f"the page of {model.__name__} takes no panels")
    page.add_panel(panel)
