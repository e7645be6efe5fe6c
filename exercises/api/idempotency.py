"""`Idempotency-Key`: a write that has no id of the client's own, sent twice, happens once."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from exercises.api.authentication import signed_in
from exercises.models import IdempotentRequest
from hep.errors import ConflictError, InvalidInputError

KEY = "[!-~]{1,80}"
HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^{KEY}$"},
    OpenApiParameter.HEADER,
    description="Of your own, such as a UUID: a repeat with the same key changes nothing.",
)
View = TypeVar("View", bound=Callable[..., Response])


def idempotent(view: View) -> View:
    """Answer a repeat of a request that was carried out with what was answered then.

    The key and the write are one transaction: a write that fails leaves no key, and two at once
    wait for each other. The same key with another request is refused (409).
    """

    @functools.wraps(view)
    def once(self: Any, request: Request, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(self, request, **kwargs)
        if not re.fullmatch(KEY, key):
            message = "Use 1 to 80 letters, digits or marks, without blanks, such as a UUID."
            raise InvalidInputError("Idempotency-Key", message)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            row, is_new = IdempotentRequest.objects.get_or_create(
                user=signed_in(request), key=key, defaults={"fingerprint": fingerprint}
            )
            if not is_new:
                return _again(row, fingerprint)
            response = view(self, request, **kwargs)
            row.status = response.status_code
            row.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
            row.save(update_fields=["status", "body"])
        return response

    # The same signature, which wraps cannot say.
    return extend_schema(parameters=[HEADER])(once)  # type: ignore[return-value]


def _again(row: IdempotentRequest, fingerprint: str) -> Response:
    if row.fingerprint != fingerprint:
        message = "This key was used for another request."
        raise ConflictError("Idempotency-Key", message, code="key_reused")
    return Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{request.method} {request.path} {body}".encode()).hexdigest()
