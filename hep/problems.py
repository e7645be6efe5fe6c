"""One error shape for the API (RFC 9457): how errors become answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict, TypeGuard

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import page_not_found
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from hep.errors import ConflictError, InvalidInputError

PROBLEM_TYPE = "application/problem+json"


class FieldProblem(TypedDict):
    """One thing to mend: `field` is a path such as `schedules.0.local_time`."""

    field: str
    code: str
    detail: str


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error as application/problem+json with a stable `code`.

    None lets Django answer 500, which is logged and says nothing about the data.
    """
    if isinstance(error, InvalidInputError):
        set_rollback()
        status = 409 if isinstance(error, ConflictError) else 400
        fields = [FieldProblem(field=error.field, code=error.code, detail=error.message)]
        return _response(status, error.code, error.message, fields)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return None
    answer = _response(response.status_code, *_problem_of(error))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            answer[header] = response[header]
    return answer


def _problem_of(error: exceptions.APIException) -> tuple[str, str, list[FieldProblem]]:
    """The code, the sentence and the fields of an error of DRF's."""
    if isinstance(error, exceptions.ValidationError):
        fields = list(_field_problems(error.get_full_details(), path=""))
        return "invalid", "Some fields need another value.", fields
    if isinstance(error, exceptions.ParseError):
        detail = "This is not valid JSON."
        return (
            "parse_error",
            detail,
            [FieldProblem(field="body", code="parse_error", detail=detail)],
        )
    return str(error.get_codes()), str(error.detail), []


def problem(
    status: int, code: str, detail: str, fields: Sequence[FieldProblem] = ()
) -> dict[str, Any]:
    """The body of every error."""
    return {
        "type": "about:blank",
        "title": detail,
        "status": status,
        "code": code,
        "errors": list(fields),
    }


def _response(status: int, code: str, detail: str, fields: list[FieldProblem]) -> Response:
    body = problem(status, code, detail, fields)
    return Response(body, status=status, content_type=PROBLEM_TYPE)


def _field_problems(details: object, *, path: str) -> Iterator[FieldProblem]:
    """Flatten DRF's nested details into paths: `schedules.0.local_time`."""
    if _is_leaf(details):
        yield FieldProblem(
            field=path or "body", code=str(details["code"]), detail=str(details["message"])
        )
    elif isinstance(details, Mapping):
        for key, inner in details.items():
            step = "" if key == "non_field_errors" else str(key)
            yield from _field_problems(inner, path=".".join(filter(None, (path, step))))
    elif isinstance(details, Sequence):
        for index, inner in enumerate(details):
            step = path if _is_leaf(inner) else ".".join(filter(None, (path, str(index))))
            yield from _field_problems(inner, path=step)


def _is_leaf(details: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(details, Mapping) and {"message", "code"} == set(details)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404 for addresses that no view has: the API's shape under /api/."""
    if request.path.startswith("/api/"):
        body = problem(404, "not_found", "Not found.")
        return JsonResponse(body, status=404, content_type=PROBLEM_TYPE)
    return page_not_found(request, exception)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """What django-axes answers after too many wrong passwords: the API's shape or a page."""
    detail = "Too many wrong passwords. Try again in 15 minutes."
    if request.path.startswith("/api/"):
        body = problem(429, "locked_out", detail)
        answer: HttpResponse = JsonResponse(body, status=429, content_type=PROBLEM_TYPE)
    else:
        answer = render(request, "hep/locked_out.html", {"detail": detail}, status=429)
    answer["Retry-After"] = "900"
    return answer
