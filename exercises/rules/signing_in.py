"""How long what signs a patient in is good for."""

from __future__ import annotations

from datetime import timedelta

# Long enough to find the phone, short enough to be of no use to who finds it later.
CODE_LASTS = timedelta(minutes=10)
