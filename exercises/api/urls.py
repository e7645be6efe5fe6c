"""Addresses under `/api/v1/` that belong to the record."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from exercises.api import care, decisions, programs, views

router = SimpleRouter(use_regex_path=False)
router.register("patients", views.PatientViewSet)
router.register("templates", views.TemplateViewSet)

urlpatterns = [
    path("auth/login/", views.LoginView.as_view(), name="login"),
    *router.urls,
    path("patients/<uuid:patient_id>/programs/", views.PatientProgramsView.as_view()),
    path("programs/<uuid:program_id>/plan/", programs.ProgramPlanView.as_view()),
    path("programs/<uuid:program_id>/sessions/", programs.ProgramSessionsView.as_view()),
    path("programs/<uuid:program_id>/versions/", programs.ProgramVersionsView.as_view()),
    path("programs/<uuid:program_id>/measures/", care.ProgramMeasuresView.as_view()),
    path("patients/<uuid:patient_id>/treatments/", care.PatientTreatmentsView.as_view()),
    path("alerts/", decisions.AlertsView.as_view()),
    path("alerts/<uuid:alert_id>/acknowledge/", decisions.AcknowledgeView.as_view()),
    path("proposals/", decisions.ProposalsView.as_view()),
    path("proposals/<uuid:proposal_id>/accept/", decisions.AcceptView.as_view()),
    path("proposals/<uuid:proposal_id>/decline/", decisions.DeclineView.as_view()),
    path("reviews/", decisions.ReviewsView.as_view()),
    path("reviews/<int:review_id>/complete/", decisions.CompleteReviewView.as_view()),
    path("patients/<uuid:patient_id>/check-ins/", views.PatientCheckInsView.as_view()),
]
