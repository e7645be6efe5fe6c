"""How the OpenAPI document describes our tokens."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)


class DeviceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # no type stubs
    """`Authorization: Token …`."""

    target_class = "exercises.api.authentication.DeviceAuthentication"
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A header, because "Token" is no scheme that OpenAPI knows by name."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and the token of this device.",
        }


class TimeScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # no type stubs
    """A time on somebody's clock. OpenAPI's own format `time` would want a zone beside it."""

    target_class = "rest_framework.fields.TimeField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, str]:
        """HH:MM, seconds if there are some."""
        return {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
