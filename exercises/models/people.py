"""Clinics, the people who work there and the people they treat."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from exercises.models.visibility import (
    ClinicQuerySet,
    PatientQuerySet,
    ProviderQuerySet,
    UserQuerySet,
)
from exercises.rules.pain import RISE, SHARP_RISE
from exercises.rules.urgency import Hours
from exercises.rules.validators import (
    validate_clinic_hours,
    validate_patient_hours,
    validate_thresholds,
    validate_time_zone,
)
from hep.lines import LineField
from hep.names import account_name, plain_name
from hep.phones import PhoneField


class Language(models.TextChoices):
    """Languages a patient can be texted in."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"


def monday_to_friday() -> list[int]:
    """The usual working days."""
    return [0, 1, 2, 3, 4]


class Clinic(models.Model):
    """A practice; everything a provider sees belongs to exactly one."""

    name = LineField(max_length=120)
    # At most this long, because it stands in every text beside the patient's first name.
    short_name = LineField(max_length=20)
    phone = PhoneField(blank=True, help_text="What HELP tells a patient to call.")
    time_zone = LineField(max_length=64, default="America/New_York")
    texts_from = models.TimeField(
        default=time(8), help_text="Earliest text on the patient's clock; 08:00 or later."
    )
    texts_until = models.TimeField(
        default=time(20), help_text="Latest text on the patient's clock; 21:00 or earlier."
    )
    prompts_per_day = models.PositiveSmallIntegerField(
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text="Questions and reminders a patient agreed to, a day; answers do not count.",
    )
    alert_rise = models.PositiveSmallIntegerField(
        default=RISE,
        db_default=RISE,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Points above the week's median, on two days running, that open a high alert. "
        "A new program starts with it.",
    )
    alert_sharp_rise = models.PositiveSmallIntegerField(
        default=SHARP_RISE,
        db_default=SHARP_RISE,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Points above the week's median that open a critical alert.",
    )
    opens_at = models.TimeField(
        default=time(9),
        db_default=time(9),
        help_text="From when somebody reads alerts, on the clinic's clock.",
    )
    closes_at = models.TimeField(default=time(17), db_default=time(17))
    workdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        default=monday_to_friday,
        db_default=[0, 1, 2, 3, 4],
        help_text="0 is Monday.",
    )
    holidays = ArrayField(
        models.DateField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Days on which nobody reads, such as 2026-12-25, with commas between.",
    )
    second_contact = models.ForeignKey(
        "exercises.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is told of what cannot wait while the clinic is closed, or when nobody "
        "reacts. Without one: the clinic's admins.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an unknown zone, hours that are not legal or in disorder, and thresholds too."""
        validate_time_zone(self.time_zone)
        validate_clinic_hours(self.texts_from, self.texts_until)
        validate_thresholds(self.alert_rise, self.alert_sharp_rise)
        if self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": "The clinic closes after it opens."})

    @property
    def hours(self) -> Hours:
        """When somebody reads."""
        return Hours(
            zone=ZoneInfo(self.time_zone),
            opens=self.opens_at,
            closes=self.closes_at,
            weekdays=self.workdays,
            holidays=self.holidays,
        )


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # django-stubs cannot see through a subscripted from_queryset
    """Accounts are made and found by e-mail, in any case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account; without a password it cannot sign in with one."""
        user: User = self.model(email=account_name(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The operator's account: every clinic, every page."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def called(self, name: str | None) -> QuerySet[User]:
        """The account with this address, in any case; equal letters, as its tries are counted."""
        accounts: QuerySet[User] = self.alias(plain=Lower("email"))
        return accounts.filter(plain=account_name(name))  # type: ignore[misc]  # django-stubs loses the alias of a manager

    def get_by_natural_key(self, username: str | None) -> User:
        """Sign-in ignores the case of the address."""
        user: User = self.called(username).get()
        return user


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox has no type stubs
    """Somebody who can sign in. What they may see follows from their providers' roles."""

    # A patient's account has none: patients sign in with a code.
    email = models.EmailField(unique=True, null=True)  # noqa: DJ001  # empty ones would collide
    patient = models.OneToOneField(
        "Patient", on_delete=models.CASCADE, null=True, related_name="account", editable=False
    )
    name = LineField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the admin.")
    date_joined = models.DateTimeField(auto_now_add=True)
    signed_out_count = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Counts “sign out everywhere”."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            # Serves people who type their address with a capital: one account, not two.
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique"),
            # Serves visible_to: an account is a patient's or somebody's who has an address.
            models.CheckConstraint(
                condition=Q(email__isnull=True) ^ Q(patient__isnull=True),
                name="user_patient_or_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "A patient"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password signs every device out, as it ends every session; so does closing the
        account, and opening it again brings none of them back.
        """
        is_new = self.pk is not None and getattr(self, "_password", None) is not None
        fields = kwargs.get("update_fields")
        if not self.is_active and (fields is None or "is_active" in fields):
            self.signed_out_count += 1
            kwargs["update_fields"] = None if fields is None else {*fields, "signed_out_count"}
        super().save(*args, **kwargs)
        if is_new or not self.is_active:
            self.auth_token_set.all().delete()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password, as Django has it, and with “sign out everywhere”."""
        value = f"{self.password}{self.signed_out_count or ''}"
        return salted_hmac("hep.session", value, secret=secret, algorithm="sha256").hexdigest()


class Provider(models.Model):
    """A user's role in a clinic."""

    class Role(models.TextChoices):
        """What somebody may do; assistants make no clinical changes."""

        CLINIC_ADMIN = "clinic_admin", "Clinic admin"
        PROVIDER = "provider", "Provider"
        ASSISTANT = "assistant", "Assistant"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="providers")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="providers")
    role = LineField(max_length=20, choices=Role, default=Role.PROVIDER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["user__email", "pk"]
        constraints: ClassVar = [
            # Serves visible_to: one role a clinic, so access has one answer.
            models.UniqueConstraint(fields=["user", "clinic"], name="provider_once_per_clinic"),
        ]

    def __str__(self) -> str:
        return str(self.user)


# A letter of another script may be written with several of ours.
LONGEST_NAME = 500


class SearchField(LineField[Any, Any]):
    """What a patient is searched by, in plain letters, written with each save of the row."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """First and last name as one types them."""
        patient: Any = model_instance
        patient.search_text = plain_name(f"{patient.first_name} {patient.last_name}")[:LONGEST_NAME]
        return str(patient.search_text)


class Patient(models.Model):
    """Somebody with a program. The phone may be shared with another patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    first_name = LineField(max_length=60)
    last_name = LineField(max_length=60, blank=True)
    phone = PhoneField(help_text="With country code, such as +1 415 555 0100.")
    birth_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text="Tells people who share a phone apart when they sign in to the app.",
    )
    time_zone = LineField(
        max_length=64,
        help_text="An IANA name such as America/Chicago. Texts keep this zone's clock.",
    )
    language = LineField(max_length=2, choices=Language, default=Language.ENGLISH)
    texts_from = models.TimeField(
        null=True, blank=True, help_text="Earliest text; empty: the clinic's hours."
    )
    texts_until = models.TimeField(
        null=True, blank=True, help_text="Latest text; empty: the clinic's hours."
    )
    texts_hours_asked = LineField(
        max_length=200,
        blank=True,
        help_text="The patient's own words when they asked for other hours.",
    )
    search_text = SearchField(max_length=LONGEST_NAME, editable=False, default="", db_default="")
    removed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the name was taken away: nothing is written to such a record any more.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["last_name", "first_name", "pk"]
        indexes: ClassVar = [
            # Serves inbound texts: who has this phone?
            models.Index(fields=["phone"], name="patient_phone"),
            # Serves the API's list, newest first, within a clinic.
            models.Index(fields=["clinic", "-created_at", "-id"], name="patient_clinic_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def clean(self) -> None:
        """Refuse an unknown zone, and other hours without the patient's words for them."""
        validate_time_zone(self.time_zone)
        validate_patient_hours(self.texts_from, self.texts_until, asked=self.texts_hours_asked)

    @property
    def texting_hours(self) -> tuple[time, time]:
        """From and until on the patient's clock: the patient's own hours or the clinic's."""
        return (
            self.texts_from or self.clinic.texts_from,
            self.texts_until or self.clinic.texts_until,
        )

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose clock this patient lives by."""
        return ZoneInfo(self.time_zone)
