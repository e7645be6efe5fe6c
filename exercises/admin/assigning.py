"""Assigning a program on one page in steps: screen, template, doses, times, a look, assign."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from exercises.admin.assign_form import AssignForm
from exercises.admin.intake import answers, fitted_to
from exercises.admin.phase_forms import PhaseForms
from exercises.content import screens
from exercises.models import Patient, Program, ProgramTemplate, User
from exercises.reads.diary import diary_of
from exercises.reads.versions import program_phases, template_phases
from exercises.rules.differences import differences
from exercises.rules.phases import PhaseSpec
from exercises.rules.plan import DAYS_IN_WEEK
from exercises.services import assign_program
from exercises.services.roles import require_clinician
from hep.errors import InvalidInputError


class Assignment:
    """The page's state: the form, and the items of the template or program chosen so far."""

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any]) -> None:
        self.user = user
        like = AssignForm(data, user=user, initial=initial).chosen("like")
        if like is not None and data is not None and not _is_of(data, like):
            data = _with_times(data, like)
        self.form = AssignForm(data, user=user, initial=initial)
        self.patient: Patient | None = self.form.chosen("patient")
        self.template: ProgramTemplate | None = self.form.chosen("template")
        source: Program | ProgramTemplate | None = like or self.template
        self.screen = screens().get(self.template.screen) if self.template else None
        self.form.ask_only(self.screen)
        self.swapped: list[str] = []
        phases = self._fitted(_phases_of(source), data)
        self.source = items_key(source, phases)
        # The doses on the page count only while they belong to what is chosen.
        self.adapted = data is not None and bool(source) and data.get("items_of") == self.source
        self.items = PhaseForms(
            phases,
            clinic=self._clinic(),
            data=data if self.adapted else None,
        )

    def _fitted(self, phases: tuple[PhaseSpec, ...], data: Any) -> tuple[PhaseSpec, ...]:
        """`phases` as they were fitted to the patient, now or with an earlier press."""
        self.fitted = data.get("fitted", "") if data is not None else ""
        if data is not None and data.get("fit"):
            self.fitted = answers(data)
        if not (self.fitted and self.template and self.screen):
            return phases
        today = timezone.localdate()
        fitted = fitted_to(phases, self.fitted, self.template, self.patient, today=today)
        self.swapped = differences(phases, fitted)
        return fitted

    def _clinic(self) -> int:
        """Whose exercises count: the patient's clinic's, else the template's; 0: shared ones."""
        owner = self.patient or self.template
        return owner.clinic_id or 0 if owner else 0

    @property
    def times(self) -> list[forms.BoundField]:
        """The fields for times, in the order of a day."""
        return [self.form[name] for name in AssignForm.TIMES]

    def is_valid(self) -> bool:
        """Every form is; each keeps its own errors."""
        return all([self.form.is_valid(), not self.adapted or self.items.is_valid()])

    def assign(self, *, now: datetime) -> Program | None:
        """Assign; None when something was refused, which then stands at its field."""
        if not self.is_valid():
            return None
        shown = self.form.data.get("items_of")
        if shown and not self.adapted:
            # Doses belong to places on the page: on another page they would be another exercise's.
            self.form.add_error(
                None, "These exercises changed since you saw them. Look at the doses again."
            )
            return None
        cleaned = self.form.cleaned_data
        schedules = self.form.schedules()
        try:
            with transaction.atomic():
                require_clinician(self.user, cleaned["patient"].clinic)
                return assign_program(
                    patient=cleaned["patient"],
                    template=cleaned["template"],
                    start_date=cleaned["start_date"],
                    side=cleaned["side"],
                    schedules=[spec for _, spec in schedules],
                    assigned_by=self.user,
                    now=now,
                    phases=self._phases(),
                    intake=self.form.intake(),
                )
        except PermissionDenied as error:
            self.form.add_error("patient", str(error))
        except InvalidInputError as error:
            self._show(error, [name for name, _ in schedules])
        return None

    def _phases(self) -> tuple[PhaseSpec, ...] | None:
        """The doses as adapted; None: the template's own, which the service checks itself."""
        if self.adapted:
            return self.items.asked()
        return self.items.phases if self.form.cleaned_data["like"] else None

    def _show(self, error: InvalidInputError, times: list[str]) -> None:
        """A refusal at its field, for a service's path such as `schedules.0.local_time`."""
        if self.adapted and self.items.show(error):
            return
        path = error.field
        if path.startswith("schedules."):
            path = times[int(path.split(".")[1])]
        path = path.removeprefix("intake.")
        self.form.add_error(path if path in self.form.fields else None, error.message)

    def look(self, shown: Callable[[Program], dict[str, Any]], *, now: datetime) -> dict[str, Any]:
        """What `shown` finds once this is assigned, which is then undone: no second code plans."""
        with transaction.atomic():
            program = self.assign(now=now)
            found = shown(program) if program else {}
            transaction.set_rollback(True)
        return found

    def templates(self) -> list[dict[str, Any]]:
        """The templates as cards, the chosen one marked."""
        field: Any = self.form.fields["template"]
        return [
            {"row": row, "chosen": self.template is not None and row.pk == self.template.pk}
            for row in field.queryset
        ]


def first_week(program: Program) -> dict[str, Any]:
    """The first seven days of a program, item by item."""
    days = [program.start_date + timedelta(days=day) for day in range(DAYS_IN_WEEK)]
    return {"week": diary_of(program, days), "week_days": days}


def usual(user: User, given: dict[str, Any]) -> dict[str, Any]:
    """What the page starts with: today, the morning, and the usual template."""
    template = ProgramTemplate.objects.visible_to(user).filter(slug="plantar-fasciitis").first()
    return {
        "template": template.pk if template else None,
        "start_date": timezone.localdate(),
        "check_in_time": "08:30",
        "nudge_time": "14:00",
        "signs_time": "12:00",
        "pass_time": "17:00",
        "week_time": "18:00",
        "ask_less": True,
        **given,
    }


def _phases_of(source: Program | ProgramTemplate | None) -> tuple[PhaseSpec, ...]:
    """What to begin with; a template that is half done shows nothing and is refused later."""
    try:
        if isinstance(source, Program):
            return program_phases(source)
        return template_phases(source) if source else ()
    except ValueError:
        return ()


def items_key(source: Program | ProgramTemplate | None, phases: tuple[PhaseSpec, ...]) -> str:
    """Names what the doses on the page are of, to the last dose."""
    if source is None:
        return ""
    words = json.dumps([phase.model_dump(mode="json") for phase in phases])
    return f"{source.pk}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _is_of(data: Any, source: Program) -> bool:
    return str(data.get("items_of", "")).startswith(f"{source.pk}:")


def _with_times(data: Any, like: Program) -> Any:
    """The form with the template and the times of the program it begins with."""
    changed = data.copy()
    changed["template"] = str(like.template_id)
    for name, kind in AssignForm.TIMES.items():
        schedule = next((row for row in like.schedules.all() if row.kind == kind), None)
        changed[name] = f"{schedule.local_times[0]:%H:%M}" if schedule else ""
    return changed
