"""What becomes of every column that can hold words when a patient's record loses its name.

One table for both apps: a test compares it with the models, so that a new column is classified
before it ships, and another fills every column with a mark and looks for it in the whole database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat, Replace, Right

# Ids that must stay different from each other, and say nothing.
ITS_OWN = Concat(Value("removed-"), Cast(F("pk"), CharField()))
# Wherever a phone is copied to, there is room for 20 letters.
NO_PHONE = Concat(Value("x"), Right(Replace(Cast(F("pk"), CharField()), Value("-")), 15))
NAME = "Removed"


def emptied(column: str) -> Case:
    """Words that were asked for leave a word: rules of the database ask for them too."""
    return Case(When(**{column: ""}, then=Value("")), default=Value("(removed)"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Of one model: which rows are a patient's, and what their columns become.

    `path` leads from the model to the patient. `kept` names columns that stay, with the reason.
    Rows that are `deleted` are of no use to anybody without the person.
    """

    path: str
    blank: Mapping[str, object] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False


CODE = "a code of ours"
PLAN = "figures of the plan, checked by form"
AT_THE_CARRIER = "the carrier's id of a text, which says nothing without the carrier"

# In the order in which rows are deleted when everything is erased: leaves first.
PERSONAL: dict[str, Columns] = {
    "notifications.InboxItem": Columns("patient", kept={"should_be": CODE}),
    "notifications.DeliveryEvent": Columns(
        "attempt__message__patient", kept={"sid": AT_THE_CARRIER, "status": CODE}
    ),
    "notifications.SendAttempt": Columns("message__patient", kept={"sid": AT_THE_CARRIER}),
    "notifications.OutboundMessage": Columns(
        "patient",
        blank={"to_phone": "", "names": "", "detail": "", "body": ""},
        kept={"wording": CODE, "sid": AT_THE_CARRIER},
    ),
    "notifications.ConsentOffer": Columns("patient", deleted=True),
    "notifications.ConsentEvent": Columns(
        "patient",
        kept={
            "words": "the words shown, proof of consent; a patient's own are emptied",
            "words_version": CODE,
        },
    ),
    "notifications.InboundMessage": Columns(
        "patient",
        blank={"from_phone": "", "body": ""},
        kept={
            "message_sid": AT_THE_CARRIER,
            "to_phone": "a number of the clinic",
            "opt_out_type": CODE,
            "parked_reason": CODE,
            "reading": CODE,
        },
    ),
    "notifications.AlertEmail": Columns("alert__patient", kept={"urgency": CODE}),
    "exercises.Alert": Columns("patient", blank={"detail": "", "note": emptied("note")}),
    "exercises.PageLink": Columns("patient", deleted=True),
    "exercises.TreatmentSession": Columns(
        "patient", blank={"adverse_detail": emptied("adverse_detail"), "note": ""}
    ),
    "exercises.SessionLogEdit": Columns("log__program__patient", blank={"before": {}}),
    "exercises.SessionLog": Columns(
        "program__patient",
        blank={"load": "", "note": "", "client_id": ITS_OWN},
        kept={"slot": CODE},
    ),
    "exercises.CheckInEntry": Columns(
        "check_in__program__patient", blank={"note": "", "client_id": ITS_OWN}
    ),
    "exercises.CheckIn": Columns("program__patient"),
    "exercises.Measure": Columns("program__patient", blank={"activities": []}),
    "exercises.Review": Columns("program__patient", blank={"note": "", "options": []}),
    "exercises.Proposal": Columns(
        "program__patient", blank={"changes": [], "note": "", "reasons": []}
    ),
    "exercises.Barrier": Columns("program__patient", kept={"tip": CODE}),
    "exercises.IntakeScreen": Columns(
        "program__patient",
        blank={"override_reason": emptied("override_reason")},
        kept={"screen": CODE, "pattern": CODE, "red_flags": CODE, "before": CODE},
    ),
    "exercises.Schedule": Columns("program__patient", kept={"steps": PLAN, "parked_reason": CODE}),
    "exercises.Prescription": Columns(
        "phase__program__patient", blank={"tempo": "", "load": "", "note": ""}
    ),
    "exercises.ProgramPhase": Columns("program__patient", blank={"name": "", "forward_when": ""}),
    "exercises.ProgramVersion": Columns("program__patient", blank={"reason": ""}),
    "exercises.Program": Columns("patient", blank={"name": "Program"}),
    "exercises.Patient": Columns(
        "pk",
        blank={
            "first_name": NAME,
            "last_name": "",
            "phone": NO_PHONE,
            "birth_year": None,
            "texts_from": None,
            "texts_until": None,
            "texts_hours_asked": "",
            "search_text": "",
        },
        kept={"time_zone": "millions live in one; the calendar of what is kept needs it"},
    ),
}
# What is said to two people who share a phone stays with the other.
OF_THE_PHONE = {
    "exercises.SignInCode": "deleted with the phone, unless somebody shares it",
    "notifications.PhoneConsent": "the phone becomes a keyed digest, unless somebody shares it",
}
# No patient's words or data.
NOT_PERSONAL = {
    **dict.fromkeys(
        ("exercises.DigestKey", "exercises.Clinic", "exercises.Provider", "exercises.Invitation",
         "exercises.PasswordAsk", "exercises.Authenticator", "notifications.Sender",
         "notifications.ClinicTexting",
         "notifications.TextingSwitch", "notifications.ClinicWording"),
        "of the clinic and its staff",
    ),
    **dict.fromkeys(
        ("exercises.Equipment", "exercises.Exercise", "exercises.ExerciseText",
         "exercises.ExerciseAsset", "exercises.InfoCard", "exercises.InfoCardText",
         "exercises.ProgramTemplate", "exercises.TemplatePhase", "exercises.TemplateItem"),
        "of the library",
    ),
    **dict.fromkeys(("notifications.Heartbeat", "notifications.Histogram"), "of the machine"),
    **dict.fromkeys(
        ("exercises.Look", "exercises.LookSeal"), "ids and addresses of who looked, sealed"
    ),
    "exercises.User": "a patient's own account is deleted, with its devices and kept answers",
    "exercises.DeviceToken": "goes with the account",
    "exercises.IdempotentRequest": "goes with the account; of others after a day",
    "exercises.Erasure": "ids and who decided",
}  # fmt: skip  # a table
