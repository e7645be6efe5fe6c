"""Django settings. Values come from `hep.env`; this file and `hep.urls` alone know every app."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django_guid.integrations import CeleryIntegration
from psycopg.conninfo import conninfo_to_dict

from hep import workplace
from hep.env import REPOSITORY, read_environment

# Lets forms and admin classes name their model in brackets, as the type checker reads them.
django_stubs_ext.monkeypatch()

try:
    ENV = read_environment()
except ImproperlyConfigured as error:
    # What is wrong, and nothing else: a traceback would hide it from who has to mend it.
    sys.exit(f"HEP does not start: {error}.")

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = ENV.keys_of_before
DATA_KEYS = ENV.sealing_keys
PUBLIC_BASE_URL = ENV.public_base_url
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or "localhost"
SERVED_OVER_TLS = PUBLIC_BASE_URL.startswith("https://")
ALLOWED_HOSTS = ENV.allowed_hosts or [PUBLIC_HOST, "localhost", "127.0.0.1", "[::1]"]
# Where links to the patient's own page lead.
PAGE_BASE_URL = ENV.page_base_url or PUBLIC_BASE_URL
PAGE_LINK_LASTS = timedelta(days=ENV.page_link_days)
PAGE_IDLE = timedelta(days=ENV.page_idle_days)
PAGE_LONGEST = timedelta(days=ENV.page_longest_days)
CSRF_TRUSTED_ORIGINS = list({PUBLIC_BASE_URL, PAGE_BASE_URL})
TRUSTED_PROXIES = ENV.trusted_proxies or 0
DATABASE_POOL = ENV.database_pool_size
BACKUP_FOLDER = ENV.backup_folder
BACKUP_RECIPIENT = ENV.backup_recipient
POSTGRESQL_BIN = ENV.postgresql_bin
# By name only, for the manifest of a backup.
ENVIRONMENT_SET = ENV.model_fields_set
METRICS_TOKEN = ENV.metrics_token.get_secret_value()
SECOND_STEP_REQUIRED = ENV.second_step_required

ROOT_URLCONF = "hep.urls"
WSGI_APPLICATION = "hep.wsgi.application"
AUTH_USER_MODEL = "exercises.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # unfold replaces admin templates, so it stands before the admin.
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "auditlog",
    "axes",
    "corsheaders",
    "csp",
    "django_filters",
    "django_guid",
    "django_otp",
    "django_otp.plugins.otp_static",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "phonenumber_field",
    "rest_framework",
    "hep.apps.HepConfig",
    "exercises.apps.ExercisesConfig",
    "notifications.apps.NotificationsConfig",
]

MIDDLEWARE = [
    # First, so that whatever is logged of a request has its id.
    "hep.middleware.RequestIdMiddleware",
    "hep.health.HealthMiddleware",
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "hep.middleware.ApiMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Behind it, because who is signed in may send more; before whatever reads a body.
    "hep.middleware.BodyMiddleware",
    "hep.middleware.IdleMiddleware",
    "exercises.middleware.LookMiddleware",
    "exercises.middleware.SecondStepMiddleware",
    "exercises.middleware.ClinicClockMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hep.middleware.AuditMiddleware",
    # Last, as its documentation asks: it answers for a locked-out login.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """Django's form of DATABASE_URL; a pool when DATABASE_POOL_SIZE asks for one."""
    parts = conninfo_to_dict(ENV.database_url)
    options: dict[str, Any] = {}
    if ENV.database_statement_timeout:
        # No request and no task may wait for one statement without end.
        options["options"] = f"-c statement_timeout={ENV.database_statement_timeout}s"
    if ENV.database_pool_size:
        # min_size 1 keeps an idle process at one connection; waiting longer than
        # this for a connection means the database is the problem, so say so.
        options["pool"] = {"min_size": 1, "max_size": ENV.database_pool_size, "timeout": 10}
    known = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
    for key, value in parts.items():
        if key in known:
            database[known[key]] = str(value)
        else:
            options[key] = value
    return database


DATABASES = {"default": _database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.redis_url,
        "KEY_PREFIX": "hep",
    }
}

# --- Celery (only rows carry work; lanes and ticks stand in `hep.celery`) -------------------
CELERY_BROKER_URL = ENV.redis_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# None: try for ever. A worker that gives up after a broker restart is a silent outage.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"

# --- Time and language ----------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = True

# --- Texts ----------------------------------------------------------------------------------
TWILIO_ACCOUNT_SID = ENV.twilio_account_sid
TWILIO_AUTH_TOKENS = [
    token.get_secret_value()
    for token in (ENV.twilio_auth_token, ENV.twilio_auth_token_previous)
    if token.get_secret_value()
]
TWILIO_API_BASE_URL = ENV.twilio_api_base_url
TWILIO_TIMEOUT_SECONDS = ENV.twilio_timeout_seconds
# Without an account, texts go to the log: enough to try the admin, never a way to lose one.
TEXT_TRANSPORT = "twilio" if TWILIO_ACCOUNT_SID else "console"
# Off: nothing leaves, whatever the admin's switch says.
TEXTING_ENABLED = ENV.texting_enabled
TEXTS_PER_PATIENT_PER_DAY = ENV.texts_per_patient_per_day
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "E164"

# --- E-mail about alerts ----------------------------------------------------------------------
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.email_host
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = ENV.email_host
EMAIL_PORT = ENV.email_port
EMAIL_HOST_USER = ENV.email_user
EMAIL_HOST_PASSWORD = ENV.email_password.get_secret_value()
EMAIL_USE_TLS = ENV.email_use_tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = ENV.email_from

# --- Static files ---------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = REPOSITORY / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "hep.hashed.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Accounts and security ------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Seconds that a link to set a password works.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
# Lock the pair, so that a stranger cannot lock a provider out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_CLIENT_IP_CALLABLE = "hep.caller.caller_network"
AXES_USERNAME_CALLABLE = "hep.throttling.sign_in_name"
AXES_SENSITIVE_PARAMETERS = ["password", "email", "code"]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "hep.problems.locked_out"

# Apps in a browser: only these origins, only the API, never with cookies.
CORS_ALLOWED_ORIGINS = ENV.cors_origins
CORS_URLS_REGEX = r"^/api/"
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After", "X-Request-Id"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]

# What an authenticator app shows beside the code.
SECOND_STEP_ISSUER = "HEP"
# Whoever leaves a screen alone for so long is signed out.
# What scripts of an open page ask by themselves: nobody is there because of it.
LOOKING_URLS = (reverse_lazy("still-here"), reverse_lazy("admin:notifications_inboxitem_unread"))
LONGEST_SESSION = timedelta(hours=12)
IDLE_LOGOUT = timedelta(minutes=ENV.idle_logout_minutes)
SESSION_COOKIE_SECURE = SERVED_OVER_TLS
CSRF_FAILURE_VIEW = "exercises.page.visitor.refused_form"
CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_OVER_TLS
SECURE_HSTS_PRELOAD = SERVED_OVER_TLS
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/api/docs/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        # unfold's Alpine.js builds functions from attributes, which needs unsafe-eval.
        "script-src": [SELF, NONCE, UNSAFE_EVAL],
        # unfold and its colour theme set style attributes.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "exercises.api.authentication.DeviceAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "exercises.api.authentication.ForStaff",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["hep.throttling.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hep.parsers.Json"],
    "DEFAULT_FILTER_BACKENDS": [
        "hep.filters.FilterBackend",
        "hep.filters.Search",
        "hep.filters.Ordering",
    ],
    "DEFAULT_PAGINATION_CLASS": "hep.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": False,
    "EXCEPTION_HANDLER": "hep.problems.problem_details",
    # By a view's `throttle_scope`; without one it counts as “all”.
    "DEFAULT_THROTTLE_RATES": {
        "login": "10/min",
        "code": "10/min",
        # The admin's form: by address, whatever names are tried. A clinic has one address.
        "form": "30/min",
        # Opening links: 128 bits are not found by trying; this keeps the tries cheap.
        "link": "60/min",
        # What one patient tells on their page.
        "page": "120/min",
        "all": "1200/min",
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "exercises.DeviceToken"  # noqa: S105  # the name of a model
REST_KNOX = {
    # Slides with use: a device that is not used for so long has to sign in again.
    "TOKEN_TTL": timedelta(days=60),
    "AUTO_REFRESH": True,
    # But not for ever: after so long everybody signs in anew.
    "AUTO_REFRESH_MAX_TTL": timedelta(days=180),
    # Seconds between two writes of a token's expiry.
    "MIN_REFRESH_INTERVAL": 3600,
    "AUTH_HEADER_PREFIX": "Token",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "HEP",
    "DESCRIPTION": "Home exercise programs by text message. docs/api.md tells how to use this API.",
    "VERSION": "1.0.0",
    "CONTACT": {"name": "The operator of this service"},
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "The address this document was read from"}],
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hep.schema.name_operations",
        "hep.schema.add_errors",
        "hep.schema.add_examples",
        "hep.schema.drop_unused",
    ],
    # Fields of the same name with other choices; apps get a name for each.
    "ENUM_NAME_OVERRIDES": {
        "CheckInKindEnum": "exercises.models.records.CheckIn.Kind",
        "ScheduleKindEnum": "exercises.models.programs.Schedule.Kind",
        "SessionKindEnum": "exercises.models.records.SessionLog.Kind",
        "ProposalKindEnum": "exercises.models.changes.Proposal.Kind",
        "PlannedTextKindEnum": "notifications.models.OutboundMessage.Kind",
        "ProgramStatusEnum": "exercises.models.programs.Program.Status",
        "ProposalStatusEnum": "exercises.models.changes.Proposal.Status",
        "BatchStatusEnum": ["kept", "refused"],
        "AlertReasonEnum": "exercises.models.alerts.Alert.Reason",
        "SkippedReasonEnum": "exercises.models.records.SessionLog.Reason",
    },
}


# The admin's look and menu.
UNFOLD = workplace.UNFOLD

# The id of a request: in each line of its log, in those of the tasks it asked for, in the answer.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-Id",
    # Apps may send ids of their own form; `RequestIdMiddleware` has checked them.
    "VALIDATE_GUID": False,
    "RETURN_HEADER": True,
    "EXPOSE_HEADER": False,  # CORS_EXPOSE_HEADERS names it
    "INTEGRATIONS": [CeleryIntegration()],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"readiness": {"()": "hep.logging.ReadinessIsNoError"}},
    "formatters": {
        "line": {"()": "hep.logging.LineFormatter"},
        "json": {"()": "hep.logging.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENV.log_format}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": ENV.log_level} for name in ("hep", "exercises", "notifications")},
        # Django's own handlers would print each line twice, and unscrubbed.
        "django": {"handlers": [], "propagate": True},
        "django.request": {"filters": ["readiness"]},
    },
}
