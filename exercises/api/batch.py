"""A batch from an offline phone: each item is kept or refused by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import OWN
from exercises.api.own_records import (
    ANSWER,
    CorrectionSerializer,
    OwnCheckInSerializer,
    OwnLogSerializer,
    Told,
    correct_session,
    keep_check_in,
    keep_session,
    told_by,
)
from hep.errors import InvalidInputError
from hep.fields import AtLeastOne, Id, Text
from hep.problems import problem_details

MOST_AT_ONCE = 200


class BatchCheckInSerializer(OwnCheckInSerializer):
    """A score."""

    type = serializers.ChoiceField(choices=["check_in"])


class BatchSessionSerializer(OwnLogSerializer):
    """A log."""

    type = serializers.ChoiceField(choices=["session"])


class BatchCorrectionSerializer(CorrectionSerializer):
    """A correction of a log."""

    type = serializers.ChoiceField(choices=["correction"])
    id = Id(help_text="Of the log.")


BATCH_ITEM = PolymorphicProxySerializer(
    component_name="BatchItem",
    serializers={
        "check_in": BatchCheckInSerializer,
        "session": BatchSessionSerializer,
        "correction": BatchCorrectionSerializer,
    },
    resource_type_field_name="type",
)


@extend_schema_field(BATCH_ITEM)
class BatchItemField(serializers.DictField):
    """An item; each is looked at by itself, so that one bad one hides none behind it."""


class BatchSerializer(serializers.Serializer[Any]):
    """What an app kept while it was offline, in the order it happened."""

    items = AtLeastOne(child=BatchItemField(), max_length=MOST_AT_ONCE)


class FieldProblemSerializer(serializers.Serializer[Any]):
    """One thing to mend."""

    field = Text()
    code = Text()
    detail = Text()


class BatchResultSerializer(serializers.Serializer[Any]):
    """What became of an item. A refused one stays refused: mend it or drop it."""

    id = Text(allow_null=True, help_text="As the item had it.")
    status = serializers.ChoiceField(choices=["kept", "refused"])
    answer = Text(required=False, allow_blank=True, help_text=ANSWER)
    code = Text(required=False, help_text="Why it was refused.")
    errors = FieldProblemSerializer(many=True, required=False)  # type: ignore[assignment]  # the name hides a property that nobody asks for


class BatchResultsSerializer(serializers.Serializer[Any]):
    """One result for each item, in the same order."""

    results = BatchResultSerializer(many=True)


def _correct(told: Told, data: dict[str, Any]) -> tuple[object, str]:
    client_id: UUID = Id().run_validation(data.get("id"))
    return correct_session(told, client_id, data)


KEEPING: dict[object, Callable[[Told, dict[str, Any]], tuple[object, str]]] = {
    "check_in": keep_check_in,
    "session": keep_session,
    "correction": _correct,
}


def _heard(told: Told, item: dict[str, Any]) -> str:
    """The answer to the note of an item that was refused: its words are heard all the same."""
    try:
        note = OwnCheckInSerializer().fields["note"].run_validation(item.get("note", ""))
    except serializers.ValidationError:
        return ""
    return told.heed(note, str(item.get("id")))


class BatchView(APIView):
    """Everything since the app was last online."""

    permission_classes = OWN

    @extend_schema(request=BatchSerializer, responses={200: BatchResultsSerializer})
    def post(self, request: Request) -> Response:
        """Keep up to 200 items, each by itself; sending the batch again changes nothing."""
        serializer = BatchSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        told = told_by(request)
        results = [self._keep(told, item) for item in serializer.validated_data["items"]]
        return Response({"results": results})

    @staticmethod
    def _keep(told: Told, item: dict[str, Any]) -> dict[str, Any]:
        given = item.get("id")
        shown = str(given) if given is not None else None
        try:
            keep = KEEPING.get(item.get("type") if isinstance(item.get("type"), str) else None)
            if keep is None:
                message = f"Use one of: {', '.join(map(str, KEEPING))}."
                raise InvalidInputError("type", message, code="invalid_choice")
            # Its own transaction: what was kept stays, whatever follows.
            with transaction.atomic():
                _, words = keep(told, item)
        except (InvalidInputError, APIException, Http404) as error:
            answer = problem_details(error, {})
            body = answer.data if answer is not None else {}
            refused = {"id": shown, "status": "refused", "code": body.get("code", "invalid")}
            return refused | {"errors": body.get("errors", []), "answer": _heard(told, item)}
        return {"id": shown, "status": "kept", "answer": words}
