"""What waits for a clinician: alerts, proposals and reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exercises.api.authentication import signed_in
from exercises.api.filters import AlertFilter, ProposalFilter, ReviewFilter
from exercises.api.idempotency import idempotent
from exercises.api.phases import PhaseSerializer
from exercises.api.serializers import validated
from exercises.content import review_options
from exercises.models import Alert, Proposal, Review
from exercises.rules.phases import parse_phases
from exercises.services import accept_proposal, complete_review, decline_proposal
from exercises.services.alerts import acknowledge
from exercises.services.roles import require_clinician
from hep.fields import AtLeastOne, Id, ModelSerializer, Text
from hep.pagination import paged_by


class NoteSerializer(serializers.Serializer[Any]):
    """A word on a decision."""

    note = Text(required=False, allow_blank=True, default="")


class AlertSerializer(ModelSerializer[Alert]):
    """A reason to look at a patient."""

    class Meta:
        model = Alert
        fields = (
            "id", "patient", "program", "reason", "severity", "detail", "times", "opened_at",
            "last_at", "deadline", "acknowledged_at", "note",
        )  # fmt: skip  # a list


class AlertsView(generics.ListAPIView[Alert]):
    """Alerts of the user's clinics, newest first; `?open=true` are those nobody has closed."""

    serializer_class = AlertSerializer
    queryset = Alert.objects.none()
    pagination_class = paged_by("-opened_at", "-pk")
    filterset_class = AlertFilter
    ordering_fields = ("opened_at", "last_at")

    def get_queryset(self) -> QuerySet[Alert]:
        """Those visible to the user."""
        return Alert.objects.visible_to(signed_in(self.request))


class AcknowledgeView(APIView):
    """Closing an alert."""

    @extend_schema(request=NoteSerializer, responses={200: AlertSerializer})
    @idempotent
    def post(self, request: Request, alert_id: UUID) -> Response:
        """With a note on what was found or done; 409 when somebody was faster."""
        visible = Alert.objects.visible_to(signed_in(request))
        alert: Alert = get_object_or_404(visible, pk=alert_id)
        note = validated(NoteSerializer, request.data)["note"]
        closed = acknowledge(alert=alert, by=signed_in(request), note=note, now=timezone.now())
        return Response(AlertSerializer(closed).data)


class ProposalSerializer(ModelSerializer[Proposal]):
    """A change that the rules propose. `changes` is the whole program as it would be."""

    patient = Id(source="program.patient_id", read_only=True)
    changes = PhaseSerializer(many=True, read_only=True)

    class Meta:
        model = Proposal
        fields = (
            "id", "patient", "program", "kind", "reasons", "changes", "version", "local_date",
            "status", "decided_at", "note", "created_at",
        )  # fmt: skip  # a list


class ProposalsView(generics.ListAPIView[Proposal]):
    """Proposals of the user's clinics, newest first."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()
    filterset_class = ProposalFilter
    ordering_fields = ("created_at", "local_date")

    def get_queryset(self) -> QuerySet[Proposal]:
        """Those visible to the user."""
        visible = Proposal.objects.visible_to(signed_in(self.request))
        return visible.select_related("program")


class AcceptSerializer(NoteSerializer):
    """Accepting, as it stands or adapted."""

    phases = AtLeastOne(
        child=PhaseSerializer(), required=False, help_text="The program, adapted by you."
    )


class ProposalDecisionView(APIView):
    """Base: a proposal that the user may decide."""

    def proposal(self, request: Request, proposal_id: UUID) -> Proposal:
        """The proposal of a URL. Raises Http404, or PermissionDenied for an assistant."""
        visible = Proposal.objects.visible_to(signed_in(request))
        rows = visible.select_related("program__patient__clinic")
        proposal: Proposal = get_object_or_404(rows, pk=proposal_id)
        require_clinician(signed_in(request), proposal.program.patient.clinic)
        return proposal


class AcceptView(ProposalDecisionView):
    """Accepting a proposal."""

    @extend_schema(request=AcceptSerializer, responses={200: ProposalSerializer})
    @idempotent
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """The program changes from today on; a stop pauses it."""
        proposal = self.proposal(request, proposal_id)
        asked = validated(AcceptSerializer, request.data)
        accepted = accept_proposal(
            proposal=proposal,
            by=signed_in(request),
            note=asked["note"],
            phases=parse_phases(asked["phases"]) if "phases" in asked else None,
            now=timezone.now(),
        )
        return Response(ProposalSerializer(accepted).data)


class DeclineView(ProposalDecisionView):
    """Declining a proposal."""

    @extend_schema(request=NoteSerializer, responses={200: ProposalSerializer})
    @idempotent
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """The program stays as it is; a note says why."""
        proposal = self.proposal(request, proposal_id)
        note = validated(NoteSerializer, request.data)["note"]
        declined = decline_proposal(
            proposal=proposal, by=signed_in(request), note=note, now=timezone.now()
        )
        return Response(ProposalSerializer(declined).data)


OPTIONS = [(option.key, option.name) for option in review_options()]


class ReviewSerializer(ModelSerializer[Review]):
    """A point at which a clinician looks at the course."""

    patient = Id(source="program.patient_id", read_only=True)
    options = serializers.ListField(child=serializers.ChoiceField(choices=OPTIONS), read_only=True)

    class Meta:
        model = Review
        fields = ("id", "patient", "program", "week", "due_on", "done_at", "options", "note")


class ReviewsView(generics.ListAPIView[Review]):
    """Reviews of the user's clinics, by when they are due; `?open=true` are not done."""

    serializer_class = ReviewSerializer
    queryset = Review.objects.none()
    pagination_class = paged_by("due_on", "pk")
    filterset_class = ReviewFilter
    ordering_fields = ("due_on",)

    def get_queryset(self) -> QuerySet[Review]:
        """Those visible to the user."""
        return Review.objects.visible_to(signed_in(self.request)).select_related("program")


class CompleteSerializer(NoteSerializer):
    """What was found and chosen from the ladder."""

    options = serializers.ListField(
        child=serializers.ChoiceField(choices=OPTIONS), required=False, default=list, max_length=20
    )


class CompleteReviewView(APIView):
    """Closing a review."""

    @extend_schema(request=CompleteSerializer, responses={200: ReviewSerializer})
    @idempotent
    def post(self, request: Request, review_id: int) -> Response:
        """With a note; 409 when it was done already."""
        visible = Review.objects.visible_to(signed_in(request))
        rows = visible.select_related("program__patient__clinic")
        review: Review = get_object_or_404(rows, pk=review_id)
        require_clinician(signed_in(request), review.program.patient.clinic)
        asked = validated(CompleteSerializer, request.data)
        done = complete_review(review=review, by=signed_in(request), now=timezone.now(), **asked)
        return Response(ReviewSerializer(done).data)
