"""Links to a patient's own page, for the clinic."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from exercises.api.authentication import signed_in
from exercises.api.idempotency import idempotent
from exercises.api.views import visible_patient
from exercises.models import PageLink
from exercises.services.links import end_links
from hep.fields import ModelSerializer
from hep.pagination import paged_by
from notifications.messages import text_link


class PageLinkSerializer(ModelSerializer[PageLink]):
    """A link, without its address: the patient's phone alone gets that."""

    class Meta:
        model = PageLink
        fields: ClassVar = [
            "id", "made_for", "created_at", "expires_at", "revoked_at", "first_opened_at",
            "last_opened_at",
        ]  # fmt: skip  # a list
        read_only_fields = fields


class PatientPageLinksView(generics.ListAPIView[PageLink]):
    """Links to a patient's own page, newest first."""

    serializer_class = PageLinkSerializer
    queryset = PageLink.objects.none()
    pagination_class = paged_by("-created_at", "pk")

    def get_queryset(self) -> QuerySet[PageLink]:
        """Those that ended too."""
        patient = visible_patient(self.request, self.kwargs["patient_id"])
        return PageLink.objects.visible_to(signed_in(self.request)).filter(patient=patient)

    @extend_schema(request=None, responses={201: PageLinkSerializer})
    @idempotent
    def post(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """Text the patient a link at the next hour that suits; the last one while it works."""
        patient = visible_patient(request, patient_id)
        sent = text_link(patient=patient, by=signed_in(request), now=timezone.now())
        return Response(self.get_serializer(sent.opens).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, patient_id: UUID, **kwargs: Any) -> Response:
        """End every link, and every browser that came by one."""
        end_links(patient=visible_patient(request, patient_id), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
