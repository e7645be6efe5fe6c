"""What a list shows, as a CSV file."""

from __future__ import annotations

import csv
import html
import io
import itertools
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from exercises.admin.base import TenantAdmin, staff_user
from exercises.models import Patient
from hep.caller import caller_address

logger = logging.getLogger(__name__)
# A spreadsheet runs a cell that begins like this; a phone or a figure is none.
# Blanks and line ends before it do not help, and Excel in Japanese takes the wide signs too.
FORMULA = re.compile(r"^\s*[=@|%＝＠]|^[\t\r\n]|^\s*[+＋－-](?![\d.][\d .-]*$)")


def safe_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.search(text) else text


class ExportingAdmin(TenantAdmin):
    """A list whose selection may be taken away as CSV: the columns that it shows."""

    actions: ClassVar[tuple[Any, ...]] = ("export_csv",)

    @admin.action(description="Download as CSV")
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        """The selected rows; who took how many stands in the log."""
        columns = [name for name in self.get_list_display(request) if name != "action_checkbox"]
        titles = [str(label_for_field(name, self.model, self)).capitalize() for name in columns]
        # While the file streams, the request with the clinic's clock is over.
        zone = timezone.get_current_timezone()
        rows = queryset.order_by(*self.get_ordering(request) or ["pk"])
        meta = self.model._meta
        taken = _note(request, rows)
        logger.info("exported list=%s rows=%s by=%s", meta.label, taken, staff_user(request).pk)
        answer = StreamingHttpResponse(
            _lines(
                titles,
                ([self._cell(row, name, zone) for name in columns] for row in rows.iterator(200)),
            ),
            content_type="text/csv; charset=utf-8",
        )
        name = f"{meta.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _cell(self, row: Any, name: str, zone: tzinfo) -> str:
        field, _, value = lookup_field(name, row, self)
        if field is not None and getattr(field, "choices", None):
            value = getattr(row, f"get_{name}_display")()
        if isinstance(value, tuple):
            # A coloured label is its name and its words.
            value = value[1]
        if isinstance(value, SafeString):
            # A link or the like: its words alone, as one reads them.
            value = html.unescape(strip_tags(value))
        if isinstance(value, datetime):
            value = timezone.localtime(value, zone).strftime("%Y-%m-%d %H:%M")
        return safe_cell(value)


def _note(request: HttpRequest, rows: QuerySet[Any]) -> int:
    """Keep with each patient who took what of theirs away; how many rows. Three queries."""
    path = getattr(rows, "patient_path", "") or "pk"
    about = Patient if path != "pk" else rows.model
    kind = ContentType.objects.get_for_model(about)
    keys = rows.order_by().values_list(path, flat=True).distinct()
    LogEntry.objects.bulk_create(
        LogEntry(
            content_type=kind,
            object_pk=str(key),
            object_repr=f"Downloaded: {rows.model._meta.verbose_name_plural}",
            action=LogEntry.Action.ACCESS,
            actor=staff_user(request),
            remote_addr=caller_address(request),
        )
        for key in keys
        if key is not None
    )
    return rows.count()


def _lines(titles: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    # Excel takes UTF-8 for Latin-1 without this mark.
    yield "\ufeff"
    for row in itertools.chain([titles], rows):
        buffer = io.StringIO()
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(row)
        yield buffer.getvalue()
