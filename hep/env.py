"""Every setting comes from the environment; what is nonsense is refused by name."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from phonenumber_field.phonenumber import to_python
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent
# As Django's own makes them: 50 characters, of many letters.
SHORTEST_SECRET = 50
FEWEST_LETTERS = 10
TWILIO_ADDRESS = "https://api.twilio.com"


class Environment(BaseSettings):
    """One field per environment variable; the variable is the field's name in capitals.

    `.env.example` lists the same names, which a test compares.
    """

    model_config = SettingsConfigDict(extra="ignore", validate_default=True)

    debug: bool = False
    secret_key: SecretStr = SecretStr("")
    # Keys of before, separated by commas: what was made with them is known until they go.
    secret_key_fallbacks: SecretStr = SecretStr("")
    # What seals secrets in the database, the newest first, separated by commas; empty: SECRET_KEY.
    data_keys: SecretStr = SecretStr("")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list)
    public_base_url: str = "http://localhost:8000"
    database_url: str = ""
    database_pool_size: int = Field(default=4, ge=0, le=100)
    # Seconds after which PostgreSQL ends a statement; 0: never.
    database_statement_timeout: int = Field(default=30, ge=0, le=3600)
    redis_url: str = ""
    log_level: str = "INFO"
    log_format: Literal["line", "json"] = "line"
    # Proxies in front of us, whose word on a caller's address is believed.
    trusted_proxies: int | None = Field(default=None, ge=0, le=10)
    # Minutes without a request after which a browser is signed out.
    idle_logout_minutes: int = Field(default=15, ge=1, le=720)
    # Whoever has no second step at sign-in sets one up before anything else.
    second_step_required: bool = Field(default_factory=lambda made: not made.get("debug", False))
    # The patient's own page: a short domain for its links, if there is one; days that a link works,
    # that a browser may be left alone, and after which it needs a link again whatever was done.
    page_base_url: str = ""
    page_link_days: int = Field(default=7, ge=1, le=90)
    page_idle_days: int = Field(default=30, ge=1, le=180)
    page_longest_days: int = Field(default=180, ge=1, le=365)
    # What Prometheus sends as a bearer token to read /metrics.
    metrics_token: SecretStr = SecretStr("")
    # Where `backup` writes, for whose key it encrypts, and where pg_dump is if not on PATH.
    backup_folder: str = ""
    backup_recipient: str = Field(default="", pattern=r"^(age1[a-z0-9]{50,})?$")
    postgresql_bin: str = ""
    cors_origins: Annotated[list[str], NoDecode] = Field(default_factory=list)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    # Signatures made with the old token stay valid while the token is rotated.
    twilio_auth_token_previous: SecretStr = SecretStr("")
    twilio_api_base_url: str = TWILIO_ADDRESS
    twilio_timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    texting_enabled: bool = True
    texts_per_patient_per_day: int = Field(default=12, ge=1, le=50)

    # Where alerts are e-mailed through; without a host the message goes to the log's stream.
    email_host: str = ""
    email_port: int = Field(default=587, ge=1, le=65535)
    email_user: str = ""
    email_password: SecretStr = SecretStr("")
    email_use_tls: bool = True
    email_from: str = "HEP <hep@localhost>"

    hep_home: Path = REPOSITORY / ".local"
    hep_bind: str = "127.0.0.1"
    hep_port: int = Field(default=8000, ge=1, le=65535)
    simulator_port: int = Field(default=8001, ge=1, le=65535)
    simulator_numbers: Annotated[list[str], NoDecode] = Field(default_factory=list)
    simulator_without_debug: bool = False

    @field_validator("allowed_hosts", "cors_origins", "simulator_numbers", mode="before")
    @classmethod
    def split_on_commas(cls, value: object) -> object:
        """Lists are written `a,b,c`."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("simulator_numbers")
    @classmethod
    def phones_in_e164(cls, value: list[str]) -> list[str]:
        """Each number in E.164, because that is what Twilio sends and compares."""
        for number in value:
            phone = to_python(number)
            if phone is None or not number.startswith("+"):
                raise ValueError("must be phone numbers in E.164, such as +14155550100")
        return value

    @field_validator("cors_origins")
    @classmethod
    def web_origins(cls, value: list[str]) -> list[str]:
        """Each a scheme and a host: an origin has no path."""
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
                raise ValueError("must be origins such as https://app.example.org")
        return value

    @field_validator("page_base_url", "public_base_url", "twilio_api_base_url")
    @classmethod
    def web_address(cls, value: str, info: ValidationInfo) -> str:
        """An http or https address without a trailing slash, its host in small letters.

        Twilio signs the address with the host as a browser would write it.
        """
        if not value and info.field_name == "page_base_url":
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address such as https://hep.example.org")
        return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")

    @field_validator("database_url")
    @classmethod
    def postgresql_address(cls, value: str) -> str:
        """Anything libpq understands as an address of a PostgreSQL database."""
        if not value:
            return value
        try:
            valid = urlsplit(value).scheme in {"postgresql", "postgres"}
            conninfo_to_dict(value)
        except (ProgrammingError, ValueError):
            valid = False
        if not valid:
            raise ValueError("must be an address such as postgresql://user@host:5432/hep")
        return value

    @field_validator("redis_url")
    @classmethod
    def redis_address(cls, value: str) -> str:
        """An address that redis-py and Celery's transport both read."""
        if value and urlsplit(value).scheme not in {"redis", "rediss"}:
            raise ValueError("must be an address such as redis://host:6379/0")
        return value

    @field_validator("log_level")
    @classmethod
    def known_log_level(cls, value: str) -> str:
        """One of the names of the logging module."""
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level

    @model_validator(mode="after")
    def complete_outside_debug(self) -> Self:
        """Nothing that protects patients has a default outside DEBUG."""
        required: dict[str, object] = {
            "SECRET_KEY": self.secret_key.get_secret_value(),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
        }
        if not self.debug:
            required |= {
                "ALLOWED_HOSTS": self.allowed_hosts,
                "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
                "TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
                # 0 is an answer, none is not: everybody would share one limit, or nobody have any.
                "TRUSTED_PROXIES": self.trusted_proxies is not None,
            }
        missing = [name for name, value in required.items() if not value]
        if missing:
            raise ValueError(f"{', '.join(missing)} must be set")
        return self

    @property
    def keys_of_before(self) -> list[str]:
        """The keys that SECRET_KEY took the place of, the newest first."""
        return _listed(self.secret_key_fallbacks)

    @property
    def sealing_keys(self) -> list[str]:
        """The keys that seal secrets in the database, the newest first."""
        return _listed(self.data_keys)

    @model_validator(mode="after")
    def safe_for_patients(self) -> Self:
        """What would be unsafe with real people's data stops the start, all of it named at once."""
        host = urlsplit(self.public_base_url).hostname or ""
        is_https = self.public_base_url.startswith("https://")
        if self.debug:
            unsafe = {"DEBUG must be off where PUBLIC_BASE_URL is public": not _is_at_home(host)}
        else:
            secrets = [self.secret_key.get_secret_value(), *self.keys_of_before]
            elsewhere = self.twilio_api_base_url != TWILIO_ADDRESS
            unsafe = {
                f"SECRET_KEY must have {SHORTEST_SECRET} characters or more": _is_weak(secrets[0]),
                f"SECRET_KEY_FALLBACKS must have {SHORTEST_SECRET} characters or more each": any(
                    map(_is_weak, secrets[1:])
                ),
                f"DATA_KEYS must have {SHORTEST_SECRET} characters or more each": any(
                    map(_is_weak, self.sealing_keys)
                ),
                "ALLOWED_HOSTS must name hosts, not *": any("*" in h for h in self.allowed_hosts),
                "PUBLIC_BASE_URL must begin with https://": not is_https,
                "PAGE_BASE_URL must begin with https://": (
                    self.page_base_url != "" and not self.page_base_url.startswith("https://")
                ),
                "PAGE_BASE_URL must be at one of the hosts this service answers to": (
                    self.page_base_url != ""
                    and urlsplit(self.page_base_url).hostname not in self.allowed_hosts
                ),
                "TWILIO_API_BASE_URL must be Twilio's (or set SIMULATOR_WITHOUT_DEBUG)": (
                    elsewhere and not self.simulator_without_debug
                ),
            }
        found = [what for what, holds in unsafe.items() if holds]
        if found:
            raise ValueError("; ".join(found))
        return self


def _listed(told: SecretStr) -> list[str]:
    return [key.strip() for key in told.get_secret_value().split(",") if key.strip()]


def _is_weak(secret: str) -> bool:
    """Whether a key could be guessed."""
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_LETTERS


def _is_at_home(host: str) -> bool:
    """Whether `host` is this machine or its network, where a developer works."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".test"))


def read_environment() -> Environment:
    """The settings of this process. Raises ImproperlyConfigured naming each bad variable.

    Values are never repeated in the error: one of them may be a secret.
    """
    try:
        return Environment()
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"][:1]).upper()
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {reason}" if name else reason)
        raise ImproperlyConfigured("; ".join(lines)) from None
