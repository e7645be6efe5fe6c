"""The alarms: promtool takes and tries them, their figures exist, and each has its page."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
from django.core.management import get_commands
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from hep.env import REPOSITORY
from hep.yaml_file import read_yaml

FOLDER = REPOSITORY / "hep" / "alarms"
RULES: list[dict[str, Any]] = read_yaml(FOLDER / "rules.yaml")["groups"][0]["rules"]
RUNBOOKS = (REPOSITORY / "docs" / "runbooks.md").read_text(encoding="utf-8")
NO_PROMTOOL = shutil.which("promtool") is None


@pytest.mark.skipif(
    NO_PROMTOOL, reason="`make test` installs it where root may; else: apt-get install prometheus"
)
@pytest.mark.parametrize(("what", "file"), [("check", "rules.yaml"), ("test", "rules_test.yaml")])
def test_promtool_takes_and_tries_them(what: str, file: str) -> None:
    command = ["promtool", what, "rules", str(FOLDER / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_each_is_tried() -> None:
    tried = (FOLDER / "rules_test.yaml").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in RULES if f"alertname: {rule['alert']}\n" not in tried] == []


@pytest.mark.django_db
def test_each_looks_at_figures_that_there_are(settings: Settings, tmp_path: Any) -> None:
    settings.BACKUP_FOLDER = str(tmp_path)
    settings.METRICS_TOKEN = "for-prometheus"  # made up
    page = Client().get("/metrics", headers={"authorization": "Bearer for-prometheus"})
    families = list(text_string_to_metric_families(page.content.decode()))
    told = {row.name for row in families} | {"up"}
    asked = {
        name.removesuffix("_bucket")
        for rule in RULES
        for name in re.findall(r"\b(?:hep_\w+|up)\b", rule["expr"])
    }
    # A histogram that nothing was counted in yet is not printed.
    assert asked - told <= {"hep_lag_seconds"}
    assert len(asked) > 8


def test_each_has_its_page_and_the_pages_name_what_there_is() -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOKS, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert {rule["annotations"]["runbook"] for rule in RULES} <= anchors
    for rule in RULES:
        assert rule["annotations"]["meaning"].endswith(".")
        assert rule["annotations"]["first"].endswith(".")
    named = set(re.findall(r"`manage\.py (\w+)", RUNBOOKS))
    assert named - {"…"} <= set(get_commands())
