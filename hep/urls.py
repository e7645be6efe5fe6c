"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from exercises.admin.idle import still_here
from exercises.admin.second_step import second_step_page
from exercises.admin.team import invitations_page, password_urls
from exercises.views import picture
from hep import health

urlpatterns = [
    path("", TemplateView.as_view(template_name="hep/landing.html"), name="landing"),
    path("admin/second-step/", admin.site.admin_view(second_step_page), name="second-step"),
    path("admin/invitations/", admin.site.admin_view(invitations_page), name="invitations"),
    path("admin/", include("notifications.admin.in_place")),
    path("admin/still-here/", still_here, name="still-here"),
    path("admin/", include(password_urls)),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include("exercises.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("webhooks/twilio/", include("notifications.urls")),
    path("p/", include("notifications.page.urls")),
    path("p/", include("exercises.page.urls")),
    path("pictures/<uuid:asset_id>", picture, name="picture"),
    path("metrics", health.metrics),
]
handler404 = "hep.problems.not_found"
