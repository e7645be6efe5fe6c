"""Two people with one page open: the second one to save is told what the first one changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.forms.models import _get_foreign_key
from django.http import HttpRequest
from django.utils.functional import cached_property

# In the page's form: a tag of what stood there when it was opened.
FIELD = "_seen"

if TYPE_CHECKING:
    Base = forms.ModelForm[Any]
else:
    Base = object


class WholeForm(Base):
    """For a page's form: every constraint of the row is looked at, not only those whose fields all
    stand in the form. The database would refuse the rest with a fault of ours.
    """

    def validate_unique(self) -> None:
        """Django's, and the constraints it leaves out for what the page shows as fixed."""
        super().validate_unique()
        wrong = {name for name in self.errors if name in self.fields}
        try:
            self.instance.validate_constraints(exclude=wrong)
        except forms.ValidationError as error:
            self.add_error(None, error.messages)


class SeenForm(Base):
    """For a page's form: refuses a save over what somebody else saved since the page was opened."""

    # The rows below it that are edited on the same page.
    rows_below: Callable[[Model], list[Any]]

    @cached_property
    def seen(self) -> str:
        """A tag of what is on record; empty for a new row."""
        if self.instance._state.adding:
            return ""
        here = {name: self.initial.get(name) for name in sorted(self.fields)}
        text = json.dumps([here, self.rows_below(self.instance)], default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def clean(self) -> Any:
        """The form's own, and the comparison."""
        cleaned = super().clean()
        told = self.data.get(FIELD)
        if told and told != self.seen:
            self.add_error(None, forms.ValidationError(self._meanwhile(), code="changed_meanwhile"))
        return cleaned

    def _meanwhile(self) -> str:
        differ = [f"{self[name].label}: {self[name].initial}" for name in self.changed_data]
        now = f" On record now, other than below: {'; '.join(differ)}." if differ else ""
        return (
            f"Somebody saved this page after you opened it.{now} "
            "Nothing of yours was saved. Saving again puts yours in place of theirs."
        )


def watching(page: Any, form: type[Any], request: HttpRequest, row: Model | None) -> type[Any]:
    """`form`, watching the row and what `page` edits below it."""

    def rows_below(parent: Model) -> list[Any]:
        below = []
        for inline in page.get_inline_instances(request, row):
            if not inline.has_change_permission(request, row):
                continue
            key = _get_foreign_key(type(parent), inline.model, fk_name=inline.fk_name)
            columns = {field.name for field in inline.model._meta.concrete_fields}
            shown = sorted(columns & set(inline.get_formset(request, row).form.base_fields))
            rows = inline.model._base_manager.filter(**{key.name: parent}).order_by("pk")
            below.append(list(rows.values_list("pk", *shown)))
        return below

    return type(form.__name__, (SeenForm, form), {"rows_below": staticmethod(rows_below)})
