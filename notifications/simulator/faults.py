"""Faults on request: a slow, failing, dropping or stuttering Twilio."""

from __future__ import annotations

import random

from pydantic import BaseModel, ConfigDict, Field


class Faults(BaseModel):
    """What goes wrong. Shares are from 0 (never) to 1 (always); `true` counts as 1."""

    model_config = ConfigDict(extra="forbid")

    latency_ms: int = Field(default=0, ge=0, le=60_000)
    # Look-ups (of the list, or of one message) get no answer for a minute.
    hang_lookups: bool = False
    error_rate: float = Field(default=0.0, ge=0, le=1)
    status: int = Field(default=500, ge=400, le=599)
    error_code: int = Field(default=20500, ge=10_000, le=99_999)
    accept_then_drop: float = Field(default=0.0, ge=0, le=1)
    duplicate_callbacks: float = Field(default=0.0, ge=0, le=1)
    shuffle_callbacks: bool = False
    drop_callbacks: float = Field(default=0.0, ge=0, le=1)
    duplicate_inbound: float = Field(default=0.0, ge=0, le=1)


def strikes(share: float) -> bool:
    """Whether a fault with this share happens now."""
    return share > 0 and random.random() < share  # noqa: S311  # chance, not a secret
