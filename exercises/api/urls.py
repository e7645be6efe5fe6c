"""Addresses under `/api/v1/` that belong to the record."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from exercises.api import programs, views

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
    path("patients/<uuid:patient_id>/check-ins/", views.PatientCheckInsView.as_view()),
]
