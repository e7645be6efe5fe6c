"""Writes: keyword-only, atomic, the same for the API, the admin, texts and commands."""

from exercises.services.programs import (
    ScheduleSpec,
    assign_program,
    change_schedule,
    end_program,
    pause_program,
    plan_next,
    replan_patient,
    resume_due,
    resume_program,
)
from exercises.services.records import (
    LogSpec,
    RecordedCheckIn,
    give_reason,
    log_session,
    record_check_in,
    take_back,
)
from exercises.services.watch import heard_from, watch_due

__all__ = [
    "LogSpec",
    "RecordedCheckIn",
    "ScheduleSpec",
    "assign_program",
    "change_schedule",
    "end_program",
    "give_reason",
    "heard_from",
    "log_session",
    "pause_program",
    "plan_next",
    "record_check_in",
    "replan_patient",
    "resume_due",
    "resume_program",
    "take_back",
    "watch_due",
]
