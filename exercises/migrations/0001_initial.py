"""People, library, programs, records and care, as they stood before the first release."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.manager
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import exercises.models.programs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(max_length=20)),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True,
                        help_text="What HELP tells a patient to call.",
                        max_length=128,
                        region=None,
                    ),
                ),
                ("time_zone", models.CharField(default="America/New_York", max_length=64)),
                (
                    "texts_from",
                    models.TimeField(
                        default=datetime.time(8, 0),
                        help_text="Earliest text on the patient's clock; 08:00 or later.",
                    ),
                ),
                (
                    "texts_until",
                    models.TimeField(
                        default=datetime.time(20, 0),
                        help_text="Latest text on the patient's clock; 21:00 or earlier.",
                    ),
                ),
                (
                    "prompts_per_day",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        help_text="Questions and reminders a patient agreed to, a day; answers do not count.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                    ),
                ),
                (
                    "alert_rise",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        help_text="Points above the week's median, on two days running, that open a high alert. A new program starts with it.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "alert_sharp_rise",
                    models.PositiveSmallIntegerField(
                        db_default=4,
                        default=4,
                        help_text="Points above the week's median that open a critical alert.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80)),
                (
                    "name_es",
                    models.CharField(
                        blank=True, db_default="", max_length=80, verbose_name="name in Spanish"
                    ),
                ),
                ("product_url", models.URLField(blank=True)),
            ],
            options={
                "verbose_name_plural": "equipment",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, null=True, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False, help_text="May open the admin.")),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
                (
                    "signed_out_count",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="Counts “sign out everywhere”.",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ["email"],
            },
        ),
        migrations.CreateModel(
            name="DeviceToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="As the device calls itself.", max_length=80
                    ),
                ),
                ("push_token", models.CharField(blank=True, max_length=300)),
                (
                    "push_platform",
                    models.CharField(
                        blank=True, choices=[("apns", "Apple"), ("fcm", "Firebase")], max_length=4
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "pk"],
            },
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Exercise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence",
                    models.TextField(
                        blank=True, help_text="What is known, in a sentence for providers."
                    ),
                ),
                (
                    "citation",
                    models.CharField(
                        default="unverified",
                        help_text="doi:10.…, PMID … or unverified.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(doi:10\\.\\d{4,}/\\S+|PMID \\d+|unverified)$",
                                "Write doi:10.…, PMID … or unverified.",
                            )
                        ],
                    ),
                ),
                (
                    "verified",
                    models.BooleanField(
                        default=False, help_text="The citation was checked against its source."
                    ),
                ),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Minutes of attention one round takes; a splint worn asleep takes 1.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Of the evidence: A, B, weak, consensus.",
                        max_length=20,
                    ),
                ),
                (
                    "ladder",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="Loads from the lightest to the heaviest, such as band colours.",
                        size=None,
                    ),
                ),
                (
                    "contraindications",
                    models.TextField(blank=True, db_default="", help_text="For providers."),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exercises",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "easier",
                    models.ForeignKey(
                        blank=True,
                        help_text="What to step back to.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="harder",
                        to="exercises.exercise",
                    ),
                ),
                (
                    "equipment",
                    models.ManyToManyField(
                        blank=True, related_name="exercises", to="exercises.equipment"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ExerciseAsset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drawing", "Drawing"),
                            ("picture", "Picture"),
                            ("video", "Video"),
                        ],
                        max_length=10,
                    ),
                ),
                ("content", models.BinaryField(null=True)),
                ("content_type", models.CharField(blank=True, editable=False, max_length=40)),
                ("video_url", models.URLField(blank=True, help_text="https, on YouTube or Vimeo.")),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="Such as CC BY 4.0, or: own picture, with consent.",
                        max_length=120,
                    ),
                ),
                ("credit", models.CharField(blank=True, help_text="Who made it.", max_length=120)),
                ("published", models.BooleanField(default=False, help_text="Patients see it.")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assets",
                        to="exercises.exercise",
                    ),
                ),
            ],
            options={
                "ordering": ["exercise", "kind", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ExerciseText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), size=None
                    ),
                ),
                (
                    "cues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "mistakes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                ("stop_if", models.CharField(blank=True, max_length=300)),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="For people who do not see the picture: first pose, movement, last pose.",
                        max_length=300,
                        verbose_name="picture in words",
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="exercises.exercise",
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
            },
        ),
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "fingerprint",
                    models.CharField(help_text="Of method, address and body.", max_length=64),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InfoCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence",
                    models.TextField(
                        blank=True, help_text="What is known, in a sentence for providers."
                    ),
                ),
                (
                    "citation",
                    models.CharField(
                        default="unverified",
                        help_text="doi:10.…, PMID … or unverified.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(doi:10\\.\\d{4,}/\\S+|PMID \\d+|unverified)$",
                                "Write doi:10.…, PMID … or unverified.",
                            )
                        ],
                    ),
                ),
                (
                    "verified",
                    models.BooleanField(
                        default=False, help_text="The citation was checked against its source."
                    ),
                ),
                ("slug", models.SlugField(max_length=60)),
                (
                    "clinic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="exercises.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name": "information card",
                "ordering": ["slug", "pk"],
            },
        ),
        migrations.CreateModel(
            name="InfoCardText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2),
                ),
                ("title", models.CharField(max_length=80)),
                (
                    "paragraphs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), size=None
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="exercises.infocard",
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_name", models.CharField(max_length=60)),
                ("last_name", models.CharField(blank=True, max_length=60)),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        help_text="With country code, such as +1 415 555 0100.",
                        max_length=128,
                        region=None,
                    ),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Tells people who share a phone apart when they sign in to the app.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        help_text="An IANA name such as America/Chicago. Texts keep this zone's clock.",
                        max_length=64,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=2
                    ),
                ),
                (
                    "texts_from",
                    models.TimeField(
                        blank=True, help_text="Earliest text; empty: the clinic's hours.", null=True
                    ),
                ),
                (
                    "texts_until",
                    models.TimeField(
                        blank=True, help_text="Latest text; empty: the clinic's hours.", null=True
                    ),
                ),
                (
                    "texts_hours_asked",
                    models.CharField(
                        blank=True,
                        help_text="The patient's own words when they asked for other hours.",
                        max_length=200,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="exercises.clinic",
                    ),
                ),
            ],
            options={
                "ordering": ["last_name", "first_name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="patient",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="account",
                to="exercises.patient",
            ),
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("start_date", models.DateField(help_text="Day 1, on the patient's calendar.")),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("both", "Both")],
                        max_length=5,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        db_default=1,
                        default=1,
                        editable=False,
                        help_text="The newest of its versions.",
                    ),
                ),
                (
                    "alert_rise",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        help_text="Points above the week's median, on two days running, that open a high alert.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "alert_sharp_rise",
                    models.PositiveSmallIntegerField(
                        db_default=4,
                        default=4,
                        help_text="Points above the week's median that open a critical alert.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "resume_at",
                    models.DateTimeField(
                        editable=False, help_text="When a pause for some days is over.", null=True
                    ),
                ),
                (
                    "heard_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="The patient's last sign of life, or a fresh start.",
                        null=True,
                    ),
                ),
                (
                    "watch_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="When to look at silence and adherence next.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_programs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="exercises.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "instrument",
                    models.CharField(
                        choices=[
                            ("psfs", "Patient-Specific Functional Scale"),
                            ("groc", "Global Rating of Change"),
                        ],
                        max_length=4,
                    ),
                ),
                ("local_date", models.DateField()),
                (
                    "activities",
                    models.JSONField(default=list, help_text="PSFS only: [{activity, score}]."),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="PSFS: the mean of its scores. GROC: the rating.",
                        max_digits=4,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["local_date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="IntakeScreen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("screen", models.SlugField(max_length=60)),
                (
                    "pattern",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "red_flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("override_reason", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "screened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intake",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("first_step", "First-step pain"), ("average", "Average pain")],
                        default="first_step",
                        max_length=10,
                    ),
                ),
                (
                    "local_date",
                    models.DateField(help_text="The day it is about, on the patient's calendar."),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("app", "App"),
                            ("web", "Web"),
                            ("staff", "Staff"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "taken_back_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="The patient took the only answer back.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "check-in",
                "ordering": ["-local_date", "-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("red_flag", "Red-flag words in a text"),
                            ("worst_pain", "Pain of 10"),
                            ("sharp_rise", "Pain 4 or more above the week's median"),
                            ("rise", "Pain 2 or more above the week's median on two days running"),
                            ("silent_3", "Silent for 3 days"),
                            ("texts_stopped", "Silent for 5 days: we stopped asking"),
                            ("silent_7", "Silent for 7 days"),
                            ("low_adherence", "Less than half done in 7 days"),
                            ("pain_during", "Pain above 5 while exercising, two sessions running"),
                            ("review_missed", "A review point was missed"),
                            ("no_change", "No change that matters at a review point"),
                            ("harm", "A serious event after a treatment"),
                            ("doubtful_opt_out", "May have asked for no more texts"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("low", "Low")],
                        max_length=10,
                    ),
                ),
                (
                    "detail",
                    models.CharField(blank=True, help_text="Figures behind it.", max_length=200),
                ),
                (
                    "times",
                    models.PositiveIntegerField(
                        default=1, help_text="How often it came while open."
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("deadline", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="exercises.patient",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgramPhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                (
                    "first_week",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ]
                    ),
                ),
                (
                    "last_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                (
                    "forward_when",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="What must be true before the next phase, for the provider.",
                        max_length=200,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(db_default=1, default=1)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Prescription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sets",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "reps",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                    ),
                ),
                (
                    "hold_seconds",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "tempo",
                    models.CharField(
                        blank=True, help_text="Seconds up-hold-down, such as 3-2-3.", max_length=20
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "load",
                    models.CharField(
                        blank=True,
                        help_text="A band colour or a repetition maximum such as 12RM.",
                        max_length=40,
                    ),
                ),
                (
                    "times_per_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                    ),
                ),
                (
                    "every_n_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                    ),
                ),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Hours a splint is worn.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                    ),
                ),
                (
                    "ramps",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Hours follow the splint's ramp from night 1 on.",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        db_default=models.Value(
                            [],
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=None
                            ),
                        ),
                        default=list,
                        help_text="0 is Monday. Empty: every n days.",
                        size=None,
                    ),
                ),
                (
                    "slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first_step", "Before the first step"),
                                ("midday", "Midday"),
                                ("evening", "Evening"),
                                ("bedtime", "Bedtime"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        db_default=models.Value(
                            [],
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=10), size=None
                            ),
                        ),
                        default=list,
                        help_text="When in the day, one round each. Empty: any time.",
                        size=None,
                    ),
                ),
                (
                    "first_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the program; empty: the phase's.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                (
                    "last_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the program; empty: the phase's.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prescriptions",
                        to="exercises.exercise",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prescriptions",
                        to="exercises.programphase",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ProgramTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence",
                    models.TextField(
                        blank=True, help_text="What is known, in a sentence for providers."
                    ),
                ),
                (
                    "citation",
                    models.CharField(
                        default="unverified",
                        help_text="doi:10.…, PMID … or unverified.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(doi:10\\.\\d{4,}/\\S+|PMID \\d+|unverified)$",
                                "Write doi:10.…, PMID … or unverified.",
                            )
                        ],
                    ),
                ),
                (
                    "verified",
                    models.BooleanField(
                        default=False, help_text="The citation was checked against its source."
                    ),
                ),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                (
                    "screen",
                    models.SlugField(
                        blank=True,
                        db_default="",
                        help_text="The intake screen asked at assignment.",
                        max_length=60,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "cards",
                    models.ManyToManyField(
                        blank=True, related_name="templates", to="exercises.infocard"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="templates",
                        to="exercises.clinic",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="program",
            name="template",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="programs",
                to="exercises.programtemplate",
            ),
        ),
        migrations.CreateModel(
            name="ProgramVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "from_date",
                    models.DateField(help_text="First day it holds, on the patient's calendar."),
                ),
                ("reason", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a program",
                "verbose_name_plural": "changes of programs",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("progress", "Progress one step"),
                            ("regress", "Step back"),
                            ("stay", "Stay in this phase a week longer"),
                            ("stop", "Stop and look"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        help_text="With the figures behind.",
                        size=None,
                    ),
                ),
                (
                    "changes",
                    models.JSONField(
                        default=list, help_text="Phases as they would be; empty: none."
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        help_text="The version it was worked out from."
                    ),
                ),
                (
                    "local_date",
                    models.DateField(help_text="The day it speaks of, on the patient's calendar."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("changed", "Changed"),
                            ("declined", "Declined"),
                            ("superseded", "Superseded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clinic_admin", "Clinic admin"),
                            ("provider", "Provider"),
                            ("assistant", "Assistant"),
                        ],
                        default="provider",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="providers",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="providers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user__email", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        help_text="What was chosen.",
                        size=None,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check_in", "Check-in"),
                            ("average", "Evening check-in"),
                            ("nudge", "Nudge"),
                            ("exercise", "Exercise reminder"),
                            ("splint", "Splint reminder"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "local_times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TimeField(), size=6
                    ),
                ),
                (
                    "steps",
                    models.JSONField(
                        default=exercises.models.programs.daily_steps,
                        help_text="How often, by weeks; several steps are a taper.",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("next_due_at", models.DateTimeField(editable=False, null=True)),
                ("next_local_date", models.DateField(editable=False, null=True)),
                ("next_slot", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("last_local_date", models.DateField(editable=False, null=True)),
                ("last_slot", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("parked_reason", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SessionLog",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("exercise", "Exercises"), ("splint", "Night splint")],
                        max_length=10,
                    ),
                ),
                (
                    "local_date",
                    models.DateField(help_text="The day it is about, on the patient's calendar."),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("skipped", "Skipped")], max_length=10
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("time", "No time"),
                            ("pain", "Pain"),
                            ("forgot", "Forgot"),
                            ("not_sure", "Not sure how"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="Hours the splint was worn.",
                        max_digits=3,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(14)],
                    ),
                ),
                ("slot", models.CharField(blank=True, db_default="", max_length=10)),
                ("sets", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "reps",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Of each set; the fewest.", null=True
                    ),
                ),
                (
                    "load",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="A band colour, or a weight.",
                        max_length=40,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "pain_during",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="0 to 10, the most.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(10)],
                    ),
                ),
                ("note", models.CharField(blank=True, db_default="", max_length=500)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("app", "App"),
                            ("web", "Web"),
                            ("staff", "Staff"),
                        ],
                        max_length=5,
                    ),
                ),
                ("client_id", models.CharField(max_length=80)),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exercises.exercise",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_logs",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["-local_date", "-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SessionLogEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.JSONField(help_text="The details as they were.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="exercises.sessionlog",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("phone", models.CharField(help_text="E.164.", max_length=20)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "texted_at",
                    models.DateTimeField(help_text="When its text was written, or not.", null=True),
                ),
                ("used_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(fields=["phone", "-created_at"], name="sign_in_code_phone_newest"),
                    models.Index(
                        condition=models.Q(("texted_at__isnull", True)),
                        fields=["created_at"],
                        name="sign_in_code_to_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplatePhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                (
                    "first_week",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ]
                    ),
                ),
                (
                    "last_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                (
                    "forward_when",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="What must be true before the next phase, for the provider.",
                        max_length=200,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="exercises.programtemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TemplateItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sets",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "reps",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                    ),
                ),
                (
                    "hold_seconds",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "tempo",
                    models.CharField(
                        blank=True, help_text="Seconds up-hold-down, such as 3-2-3.", max_length=20
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "load",
                    models.CharField(
                        blank=True,
                        help_text="A band colour or a repetition maximum such as 12RM.",
                        max_length=40,
                    ),
                ),
                (
                    "times_per_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                    ),
                ),
                (
                    "every_n_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                    ),
                ),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Hours a splint is worn.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                    ),
                ),
                (
                    "ramps",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Hours follow the splint's ramp from night 1 on.",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        db_default=models.Value(
                            [],
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=None
                            ),
                        ),
                        default=list,
                        help_text="0 is Monday. Empty: every n days.",
                        size=None,
                    ),
                ),
                (
                    "slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first_step", "Before the first step"),
                                ("midday", "Midday"),
                                ("evening", "Evening"),
                                ("bedtime", "Bedtime"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        db_default=models.Value(
                            [],
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=10), size=None
                            ),
                        ),
                        default=list,
                        help_text="When in the day, one round each. Empty: any time.",
                        size=None,
                    ),
                ),
                (
                    "first_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the program; empty: the phase's.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                (
                    "last_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the program; empty: the phase's.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exercises.exercise",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="exercises.templatephase",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="TreatmentSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("local_date", models.DateField(help_text="The day it was done.")),
                (
                    "modalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("dry_needling", "Dry needling"),
                                ("acupuncture", "Acupuncture"),
                                ("adjustment", "Adjustment"),
                                ("mobilisation", "Joint mobilisation"),
                                ("soft_tissue", "Soft-tissue mobilisation"),
                                ("instrument_assisted", "Instrument-assisted release"),
                                ("ultrasound", "Therapeutic ultrasound"),
                                ("electrical_stimulation", "Electrical stimulation"),
                                ("kinesiotape", "Kinesiotape"),
                                ("exercise_instruction", "Exercise instruction"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                (
                    "sites",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("plantar_fascia", "Plantar fascia"),
                                ("gastrocnemius", "Gastrocnemius"),
                                ("soleus", "Soleus"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "adverse",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("minor", "Minor (soreness, bruise)"),
                            ("serious", "Serious"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("adverse_detail", models.CharField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="treatments",
                        to="exercises.patient",
                    ),
                ),
                (
                    "treated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-local_date", "-created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckInEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("app", "App"),
                            ("web", "Web"),
                            ("staff", "Staff"),
                        ],
                        max_length=5,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("client_id", models.CharField(max_length=80)),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="exercises.checkin",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "check-in entries",
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("check_in", "client_id"), name="check_in_entry_once_per_client_id"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.UniqueConstraint(
                fields=("clinic", "slug"), name="exercise_slug_unique", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="exerciseasset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published", False), models.Q(("licence", ""), _negated=True), _connector="OR"
                ),
                name="asset_published_with_licence",
            ),
        ),
        migrations.AddConstraint(
            model_name="exerciseasset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "drawing")),
                fields=("exercise",),
                name="asset_one_drawing",
            ),
        ),
        migrations.AddConstraint(
            model_name="exercisetext",
            constraint=models.UniqueConstraint(
                fields=("exercise", "language"), name="exercise_text_once_per_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="idempotentrequest",
            constraint=models.UniqueConstraint(
                fields=("user", "key"), name="idempotent_request_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="infocard",
            constraint=models.UniqueConstraint(
                fields=("clinic", "slug"), name="card_slug_unique", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="infocardtext",
            constraint=models.UniqueConstraint(
                fields=("card", "language"), name="card_text_once_per_language"
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["phone"], name="patient_phone"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["clinic", "-created_at", "-id"], name="patient_clinic_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="user_email_any_case_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", True), ("patient__isnull", True), _connector="XOR"
                ),
                name="user_patient_or_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(
                fields=("program", "instrument", "local_date"), name="measure_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakescreen",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("red_flags", []),
                    models.Q(("override_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="intake_flag_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                fields=("program", "kind", "local_date"), name="check_in_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__lte", 10)), name="check_in_score_0_to_10"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["severity", "opened_at"],
                name="alert_open",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("escalated_at__isnull", True)
                ),
                fields=["deadline"],
                name="alert_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=("patient", "program", "reason"),
                name="alert_open_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="programphase",
            constraint=models.UniqueConstraint(
                fields=("program", "version", "number"), name="program_phase_in_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="prescription",
            constraint=models.UniqueConstraint(
                fields=("phase", "position"), name="prescription_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="programtemplate",
            constraint=models.UniqueConstraint(
                fields=("clinic", "slug"), name="template_slug_unique", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=models.Index(
                condition=models.Q(("resume_at__isnull", False)),
                fields=["resume_at"],
                name="program_resume",
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=models.Index(
                condition=models.Q(("watch_at__isnull", False)),
                fields=["watch_at"],
                name="program_watch",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "ended"), _negated=True),
                fields=("patient", "template"),
                name="program_template_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="programversion",
            constraint=models.UniqueConstraint(
                fields=("program", "number"), name="program_version_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("program",),
                name="proposal_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(
                fields=("user", "clinic"), name="provider_once_per_clinic"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["due_on"], name="review_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("program", "week"), name="review_once_a_week"
            ),
        ),
        migrations.AddIndex(
            model_name="schedule",
            index=models.Index(
                condition=models.Q(("next_due_at__isnull", False)),
                fields=["next_due_at"],
                name="schedule_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("next_due_at__isnull", True),
                    ("next_local_date__isnull", False),
                    _connector="OR",
                ),
                name="schedule_due_has_local_date",
            ),
        ),
        migrations.AddIndex(
            model_name="sessionlog",
            index=models.Index(
                fields=["program", "-local_date"], name="session_log_program_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionlog",
            constraint=models.UniqueConstraint(
                fields=("program", "client_id"), name="session_log_once_per_client_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="templatephase",
            constraint=models.UniqueConstraint(
                fields=("template", "number"), name="template_phase_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateitem",
            constraint=models.UniqueConstraint(
                fields=("phase", "position"), name="template_item_position"
            ),
        ),
        migrations.AddIndex(
            model_name="treatmentsession",
            index=models.Index(fields=["patient", "-local_date"], name="treatment_patient_newest"),
        ),
        migrations.AddConstraint(
            model_name="treatmentsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("adverse", "none"),
                    models.Q(("adverse_detail", ""), _negated=True),
                    _connector="OR",
                ),
                name="treatment_adverse_worded",
            ),
        ),
    ]
