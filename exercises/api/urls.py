"""Addresses under `/api/v1/` that belong to the record."""

from django.urls import path
from rest_framework.routers import SimpleRouter

import exercises.api.schema  # noqa: F401  # registers itself
from exercises.api import (
    batch,
    care,
    decisions,
    devices,
    library,
    me,
    own_records,
    programs,
    running,
    sign_in,
    today,
    views,
    visit,
)

router = SimpleRouter(use_regex_path=False)
router.register("patients", views.PatientViewSet)
router.register("templates", views.TemplateViewSet)

urlpatterns = [
    path("auth/login/", sign_in.LoginView.as_view(), name="login"),
    path("auth/session/", sign_in.SessionView.as_view()),
    path("auth/devices/", devices.DevicesView.as_view()),
    path("auth/devices/<uuid:device_id>/", devices.DeviceView.as_view()),
    path("auth/logout/", devices.LogoutView.as_view()),
    path("auth/logout-everywhere/", devices.LogoutEverywhereView.as_view()),
    path("me/push-token/", devices.PushTokenView.as_view()),
    path("me/", me.MeView.as_view()),
    path("me/schedules/", me.OwnSchedulesView.as_view()),
    path("me/schedules/<int:schedule_id>/", me.OwnScheduleView.as_view()),
    path("me/pause/", me.PauseView.as_view()),
    path("me/today/", today.TodayView.as_view()),
    path("me/progress/", today.ProgressView.as_view()),
    path("me/check-ins/", own_records.OwnCheckInsView.as_view()),
    path("me/sessions/", own_records.OwnSessionsView.as_view()),
    path("me/sessions/<uuid:client_id>/", own_records.OwnSessionView.as_view()),
    path("me/answers/<uuid:client_id>/", own_records.OwnAnswerView.as_view()),
    path("me/batch/", batch.BatchView.as_view()),
    *router.urls,
    path("patients/<uuid:patient_id>/programs/", views.PatientProgramsView.as_view()),
    path("exercises/", library.ExercisesView.as_view()),
    path("programs/<uuid:program_id>/", running.ProgramView.as_view()),
    path("programs/<uuid:program_id>/course/", running.ProgramCourseView.as_view()),
    path("programs/<uuid:program_id>/visit-report/", visit.VisitReportView.as_view()),
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
