"""Addresses of the patient's own page. What is no name of ours is a link."""

from __future__ import annotations

from django.urls import path, re_path

from exercises.page import confirm, frame, progress, today, way_in

urlpatterns = [
    path("", today.today, name="page-today"),
    path("confirm/", confirm.confirm, name="page-confirm"),
    path("progress/", progress.progress, name="page-progress"),
    path("frame/", frame.shell, name="page-shell"),
    path("worker.js", frame.worker, name="page-worker"),
    path("app.webmanifest", frame.manifest, name="page-manifest"),
    path("out/", way_in.leave, name="page-out"),
    re_path(r"^(?P<token>[A-Za-z0-9_-]{22})/?$", way_in.link, name="page-link"),
]
