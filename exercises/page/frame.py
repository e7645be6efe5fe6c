"""What lets the page open without a network: its worker, its empty frame, its manifest."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from exercises.content.page import page_words
from exercises.page.visitor import language_asked, page_view, show

# What the frame needs to show today's page; its addresses change with what is in them.
FILES = ("page.css", "player.js", "moving.js", "store.js", "telling.js")
# Below it lie pictures, which are the same for everybody.
PICTURES = "/pictures/"


@page_view("GET")
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anybody's day: the phone puts in what it kept."""
    both = [{"code": code, **words} for code, words in page_words().items()]
    return show(request, "shell", both=both)


@page_view("GET")
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; another release of our files is another worker."""
    files = [static(f"exercises/{name}") for name in FILES] + [static("hep/icon.svg")]
    frame = render_to_string("page/shell.html", {"w": page_words()["en"]})
    version = hashlib.sha256(json.dumps([files, frame]).encode()).hexdigest()[:12]
    shown = {"frame": json.dumps(files), "version": version, "pictures": PICTURES}
    text = render_to_string("page/worker.js", shown)
    return HttpResponse(text, content_type="text/javascript")


@page_view("GET")
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the page on its home screen."""
    language = language_asked(request)
    shown = {"w": page_words()[language], "language": language}
    text = render_to_string("page/manifest.json", shown)
    return HttpResponse(text, content_type="application/manifest+json")
