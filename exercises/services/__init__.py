"""Writes: keyword-only, atomic, the same for the API, the admin, texts and commands."""

from exercises.services.assigning import assign_program
from exercises.services.care import (
    TreatmentSpec,
    record_groc,
    record_psfs,
    record_treatment,
    record_yes_or_no,
)
from exercises.services.changing import change_program
from exercises.services.coaching import take_barrier_back, tell_barrier
from exercises.services.intake import IntakeSpec, Screening, fits_pattern
from exercises.services.people import save_patient
from exercises.services.programs import (
    ScheduleSpec,
    change_schedule,
    end_program,
    pause_program,
    plan_next,
    replan_patient,
    resume_due,
    resume_program,
)
from exercises.services.proposals import accept_proposal, decline_proposal, propose
from exercises.services.records import (
    RecordedCheckIn,
    give_reason,
    record_check_in,
    refuse_other_days,
    take_back,
)
from exercises.services.reviews import complete_review, reviews_due
from exercises.services.sessions import LogSpec, edit_session, log_session, tell_pain_during
from exercises.services.signing_in import (
    SignedIn,
    ask_for_code,
    forget_old_access,
    sign_in,
    sign_out_everywhere,
)
from exercises.services.team import invite, require_an_admin
from exercises.services.watch import heard_from, watch_due

__all__ = [
    "IntakeSpec",
    "LogSpec",
    "RecordedCheckIn",
    "ScheduleSpec",
    "Screening",
    "SignedIn",
    "TreatmentSpec",
    "accept_proposal",
    "ask_for_code",
    "assign_program",
    "change_program",
    "change_schedule",
    "complete_review",
    "decline_proposal",
    "edit_session",
    "end_program",
    "fits_pattern",
    "forget_old_access",
    "give_reason",
    "heard_from",
    "invite",
    "log_session",
    "pause_program",
    "plan_next",
    "propose",
    "record_check_in",
    "record_groc",
    "record_psfs",
    "record_treatment",
    "record_yes_or_no",
    "refuse_other_days",
    "replan_patient",
    "require_an_admin",
    "resume_due",
    "resume_program",
    "reviews_due",
    "save_patient",
    "sign_in",
    "sign_out_everywhere",
    "take_back",
    "take_barrier_back",
    "tell_barrier",
    "tell_pain_during",
    "watch_due",
]
