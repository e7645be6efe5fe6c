"""Promises about the code itself."""

from __future__ import annotations

import re

import pytest

from hep.celery import NOW, SEND, TICKS, app
from hep.env import REPOSITORY
from hep.yaml_file import read_yaml
from notifications.incoming import inbound

PACKAGES = ("hep", "exercises", "notifications")
SOURCES = sorted(path for name in PACKAGES for path in (REPOSITORY / name).rglob("*.py"))


def test_beat_has_a_fixed_handful_of_ticks_that_expire() -> None:
    app.loader.import_default_modules()  # as a worker does at its start
    schedule = app.conf.beat_schedule
    assert 1 <= len(schedule) <= 14
    for entry in schedule.values():
        # Later than the clocks of two hosts differ, and before a pile has grown.
        assert entry["schedule"] + 5 < entry["options"]["expires"] <= entry["schedule"] + 10
        assert entry["task"] in app.tasks


def test_every_task_of_ours_has_a_lane_with_limits() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.startswith(("exercises.", "notifications."))}
    assert ours == {tick.task for tick in TICKS.values()}
    for tick in TICKS.values():
        assert app.conf.task_routes[tick.task] == {"queue": tick.lane.name}
        task = app.tasks[tick.task]
        assert 0 < (task.soft_time_limit or 0) < (task.time_limit or 0) <= 180


def test_what_is_urgent_has_a_lane_of_its_own() -> None:
    lanes = {name: tick.lane for name, tick in TICKS.items()}
    assert {name for name, lane in lanes.items() if lane is NOW} == {
        "due",
        "inbound",
        "codes",
        "leases",
    }
    assert {name for name, lane in lanes.items() if lane is SEND} == {"send"}


def test_a_text_is_leased_longer_than_its_task_can_live() -> None:
    assert inbound.LEASE.total_seconds() > NOW.hard


@pytest.mark.parametrize("word", [r"\beta=", r"countdown="])
def test_nothing_is_timed_by_the_broker(word: str) -> None:
    for path in SOURCES:
        assert not re.search(word, path.read_text()), path


def test_lock_files_hold_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (REPOSITORY / name).read_text()
        assert "--hash=sha256:" in text
        assert "http" not in text.replace("aiohttp", "").replace("httpx", "").replace(
            "http2", ""
        ).replace("httpcore", "")


def test_phone_numbers_in_the_repository_belong_to_nobody() -> None:
    """555-01xx numbers are kept for fiction; +1 500 555 are Twilio's own test numbers."""
    folders = [*PACKAGES, "tests"]
    files = [path for name in folders for path in (REPOSITORY / name).rglob("*") if path.is_file()]
    for path in [*files, REPOSITORY / "README.md", REPOSITORY / ".env.example"]:
        if path.suffix in {".py", ".md", ".yaml", ".html", ".js", ".example"}:
            for number in re.findall(r"\+1\d{10}", path.read_text()):
                assert re.fullmatch(r"\+1\d{3}55501\d\d|\+1500555\d{4}", number), (path, number)


def test_content_files_are_valid_yaml_with_unique_slugs() -> None:
    slugs: dict[str, list[str]] = {}
    for path in sorted((REPOSITORY / "exercises/content/library").glob("*.yaml")):
        for kind, rows in read_yaml(path).items():
            slugs.setdefault(kind, []).extend(row["slug"] for row in rows)
    assert set(slugs) == {"equipment", "exercises"}
    for kind, names in slugs.items():
        assert len(names) == len(set(names)), kind


def test_every_known_failure_names_a_test_that_is_there() -> None:
    rows = re.findall(r"`(tests/\S+)::(\w+)`", (REPOSITORY / "docs/known-failures.md").read_text())
    assert len(rows) >= 20
    for path, name in rows:
        assert re.search(rf"def {name}\(", (REPOSITORY / path).read_text()), (path, name)


def test_every_test_that_the_security_document_names_is_there() -> None:
    text = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+)`", text))
    assert len(named) > 15
    assert {path for path in named if not (REPOSITORY / path).is_file()} == set()
