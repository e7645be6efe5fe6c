"""The rooms of the house: who may import whom, what is pure, and who alone writes a status."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from exercises.models import Patient
from hep.env import REPOSITORY
from notifications.incoming import parsing
from notifications.models import InboundMessage, OutboundMessage
from notifications.outbox import ALLOWED_MOVES, RANK, move_forward
from tests import factories

PURE = (
    "exercises/rules",
    "exercises/content/drawing",
    "notifications/incoming/parsing",
    "notifications/wording",
)
# What wires the parts together; everything else in `hep` is shared and knows no app.
WIRING = {"celery.py", "settings.py", "urls.py", "workplace.py"}
RINGS = [
    "apps",
    "management | middleware | tasks | templatetags | views",
    "admin | api | page",
    "fhir",
    "services",
    "reads",
    "content",
    "models",
    "rules",
]
DIRECTIONS = [
    "apps | urls | management",
    "webhooks | admin | api | page | demo_data | simulator",
    "messages_to_many | tasks",
    "alerts | erasing | fhir | messages | monitoring | restoring",
    "outgoing | incoming",
    "offers | thread",
    "consent",
    "erased_phones | outbox",
    "models",
    "transports | wording",
]


def contracts() -> list[dict[str, Any]]:
    """The import contracts of the project file."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def test_the_contracts_are_all_there() -> None:
    """So that no line of them goes without somebody deciding it; `lint-imports` holds them."""
    layers = {
        contract["containers"][0]: contract
        for contract in contracts()
        if contract.get("containers")
    }
    assert layers["exercises"]["layers"] == RINGS
    assert layers["notifications"]["layers"] == DIRECTIONS
    assert layers["hep"]["layers"][-2:] == ["errors", "error_codes"]
    assert all(contract["exhaustive"] for contract in layers.values())
    (whole,) = (
        contract
        for contract in contracts()
        if contract["type"] == "layers" and "containers" not in contract
    )
    assert whole["layers"] == ["notifications", "exercises", "hep"]
    assert whole["ignore_imports"] == ["hep.urls -> exercises.**", "hep.urls -> notifications.*"]
    (circles,) = (contract for contract in contracts() if contract["type"] == "acyclic_siblings")
    assert circles["ancestors"] == ["hep", "exercises", "notifications"]
    pure, service = (contract for contract in contracts() if contract["type"] == "forbidden")
    assert [name.replace(".", "/") for name in pure["source_modules"]] == list(PURE)
    assert set(pure["forbidden_modules"]) == {
        "exercises.models",
        "exercises.services",
        "hep.problems",
        "notifications.models",
        "rest_framework",
    }
    assert service["forbidden_modules"] == ["notifications.simulator"]
    assert {"notifications.outgoing", "notifications.incoming"} <= set(service["source_modules"])
    ignored = [contract.get("ignore_imports", []) for contract in contracts()]
    assert sum(map(len, ignored)) == 2


def modules_of(folder: str) -> list[str]:
    """The dotted names of a folder's modules."""
    files = sorted((REPOSITORY / folder).rglob("*.py"))
    names = [str(path.relative_to(REPOSITORY).with_suffix("")).replace("/", ".") for path in files]
    return [name.removesuffix(".__init__") for name in names]


def test_pure_folders_load_neither_models_nor_the_framework_of_the_api() -> None:
    """Imported in a process of its own, without settings: Django's models could not even load."""
    modules = [
        name
        for folder in PURE
        for name in modules_of(folder)
        # Its parent loads the library into the database when it is imported.
        if not name.startswith("exercises.content")
    ]
    assert len(modules) >= 20
    program = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        "loaded = [name for name in sys.modules if name.startswith(('django.db.models', 'rest_framework'))"
        " or name in {'exercises.models', 'notifications.models', 'hep.problems'}]\n"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        env={"PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", PURE)
def test_pure_folders_never_read_the_clock(folder: str) -> None:
    for path in (REPOSITORY / folder).rglob("*.py"):
        assert not re.search(
            r"\bnow\(|\btoday\(|timezone\.now|time\.time\(|monotonic\(", path.read_text()
        ), path


def test_what_is_shared_names_no_app() -> None:
    shared = [path for path in (REPOSITORY / "hep").glob("*.py") if path.name not in WIRING]
    assert len(shared) >= 15
    for path in shared:
        # An example in a docstring is no name.
        code = re.sub(r'""".*?"""', "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\b(exercises|notifications)\b", code), path


def test_a_reading_is_one_of_the_parsers() -> None:
    assert set(InboundMessage.Reading.values) == {str(kind) for kind in parsing.Kind}


def sources_of_notifications() -> list[Path]:
    """Every module of the app but the outbox."""
    paths = sorted((REPOSITORY / "notifications").rglob("*.py"))
    return [path for path in paths if "outbox" not in path.parts and "migrations" not in path.parts]


def test_only_the_outbox_writes_the_status_of_a_text() -> None:
    for path in sources_of_notifications():
        if "simulator" in path.parts or "api" in path.parts:
            continue  # theirs are statuses of HTTP answers and of the simulated Twilio
        text = path.read_text()
        assert not re.search(r"update\([^)]*\bstatus=|\.status = |SET status", text), path
        assert not re.search(
            r"OutboundMessage\.objects\.(create|get_or_create|bulk_create)", text
        ), path


@pytest.mark.django_db
def test_a_text_moves_only_where_the_table_lets_it(maria: Patient) -> None:
    """Every pair of states, against the statement that callbacks and look-ups go through."""
    message = factories.asked(factories.program(maria))
    rows = OutboundMessage.objects.filter(pk=message.pk)
    assert set(ALLOWED_MOVES) == set(OutboundMessage.Status)
    for before, after in itertools.product(OutboundMessage.Status, RANK):
        rows.update(status=before)
        moved = move_forward(rows, after)
        allowed = after in ALLOWED_MOVES[before] and before != OutboundMessage.Status.WAITING
        assert moved == allowed, (before, after)
        assert rows.get().status == (after if allowed else before)


def test_nothing_follows_a_final_state() -> None:
    final = {status for status, following in ALLOWED_MOVES.items() if not following}
    assert final == {"skipped", "delivered", "undelivered", "failed"}
