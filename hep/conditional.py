"""`ETag` and `If-Match` for records that two people may change at once.

Reads in general get their `ETag` and 304 from Django's ConditionalGetMiddleware.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response


class ChangedMeanwhileError(exceptions.APIException):
    """The record is not what `If-Match` says any more."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "This was changed meanwhile. Read it again."
    default_code = "changed_meanwhile"


def tag_of(shown: Any) -> str:
    """The entity tag of a representation."""
    text = json.dumps(shown, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def tagged(shown: Any) -> Response:
    """A response with the tag of what it shows."""
    return Response(shown, headers={"ETag": f'"{tag_of(shown)}"'})


def refuse_stale(request: Request, shown: Any) -> None:
    """Raise ChangedMeanwhileError unless `If-Match` is absent, `*` or names `shown`.

    A weak tag counts too: gzip makes tags weak on their way out.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")}
    if tag_of(shown) not in tags:
        raise ChangedMeanwhileError
