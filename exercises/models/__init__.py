"""The record: people, library, programs, and what patients tell."""

from exercises.models.alerts import Alert
from exercises.models.assets import ExerciseAsset
from exercises.models.care import Measure, Review, TreatmentSession
from exercises.models.changes import IntakeScreen, ProgramVersion, Proposal
from exercises.models.coaching import Barrier
from exercises.models.devices import DeviceToken, IdempotentRequest, SignInCode
from exercises.models.erasures import DigestKey, Erasure
from exercises.models.invitations import Invitation
from exercises.models.library import (
    Equipment,
    Exercise,
    ExerciseText,
    InfoCard,
    InfoCardText,
    ProgramTemplate,
    TemplateItem,
    TemplatePhase,
)
from exercises.models.links import PageLink
from exercises.models.looks import Look, LookSeal
from exercises.models.passwords import PasswordAsk
from exercises.models.people import Clinic, Patient, Provider, User
from exercises.models.programs import Prescription, Program, ProgramPhase, Schedule
from exercises.models.records import CheckIn, CheckInEntry, SessionLog, SessionLogEdit
from exercises.models.second_step import Authenticator

__all__ = [
    "Alert",
    "Authenticator",
    "Barrier",
    "CheckIn",
    "CheckInEntry",
    "Clinic",
    "DeviceToken",
    "DigestKey",
    "Equipment",
    "Erasure",
    "Exercise",
    "ExerciseAsset",
    "ExerciseText",
    "IdempotentRequest",
    "InfoCard",
    "InfoCardText",
    "IntakeScreen",
    "Invitation",
    "Look",
    "LookSeal",
    "Measure",
    "PageLink",
    "PasswordAsk",
    "Patient",
    "Prescription",
    "Program",
    "ProgramPhase",
    "ProgramTemplate",
    "ProgramVersion",
    "Proposal",
    "Provider",
    "Review",
    "Schedule",
    "SessionLog",
    "SessionLogEdit",
    "SignInCode",
    "TemplateItem",
    "TemplatePhase",
    "TreatmentSession",
    "User",
]
