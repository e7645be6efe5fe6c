"""What the code cites stands in the repository, and what the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exercises.models import Alert
from hep.env import REPOSITORY

DOCS = REPOSITORY / "docs"
PROMISES = (DOCS / "promises.md").read_text()
CITING = ("hep", "exercises", "notifications", "tests")
SUFFIXES = {".py", ".yaml", ".html", ".js", ".md"}


def sources() -> list[Path]:
    """Every file of ours that may cite something."""
    found = [path for name in CITING for path in (REPOSITORY / name).rglob("*")]
    pages = [*DOCS.glob("*.md"), *REPOSITORY.glob("*.md")]
    return [path for path in [*found, *pages] if path.suffix in SUFFIXES and path.is_file()]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_every_citation_points_to_a_heading_that_is_there() -> None:
    cited = {
        (path, name, anchor)
        for path in sources()
        for name, anchor in re.findall(r"docs/([\w-]+\.md)(?:#([\w-]+))?", path.read_text())
    }
    assert len(cited) > 20
    for path, name, anchor in cited:
        assert (DOCS / name).exists(), (path, name)
        assert not anchor or anchor in anchors(DOCS / name), (path, name, anchor)


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*DOCS.glob("*.md"), *REPOSITORY.glob("*.md")]
    assert len(pages) >= 10
    for page in pages:
        for target in re.findall(r"\]\((?!http)([^)\s]+)\)", page.read_text()):
            name, _, anchor = target.partition("#")
            other = page.parent / name if name else page
            assert other.exists(), (page.name, target)
            assert not anchor or anchor in anchors(other), (page.name, target)


def test_nothing_cites_a_page_outside_the_repository() -> None:
    for path in sources():
        assert not re.search(
            r"\b(CLINICAL|MESSAGING|DESIGN)(\.md| section)", path.read_text()
        ) or path == Path(__file__), path


def promises() -> dict[int, str]:
    """The numbered promises."""
    parts = re.split(r"^(\d+)\. ", PROMISES, flags=re.MULTILINE)[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def test_every_promise_the_code_speaks_of_is_on_the_page() -> None:
    spoken = {
        int(number)
        for path in sources()
        for number in re.findall(r"[Pp]romise (\d+)", path.read_text())
    }
    assert len(spoken) >= 6
    assert spoken <= set(promises())
    assert list(promises()) == list(range(1, 27))


@pytest.mark.parametrize("number", range(1, 27))
def test_a_promise_names_its_tests_or_says_that_it_is_to_come(number: int) -> None:
    text = promises()[number]
    names = re.findall(r"`(test_\w+)`", text)
    assert names or "*To come" in text
    suite = "".join(path.read_text() for path in (REPOSITORY / "tests").rglob("test_*.py"))
    for name in names:
        assert f"def {name}(" in suite, name


def test_the_page_of_clinical_rules_has_every_alert_with_its_severity() -> None:
    page = (DOCS / "clinical-rules.md").read_text()
    listed = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE))
    assert listed == {str(reason): str(severity) for reason, severity in Alert.SEVERITY.items()}


def test_the_walks_name_files_that_are_there() -> None:
    page = (DOCS / "architecture.md").read_text()
    walks = page[page.index("## One reminder") :]
    named = set(re.findall(r"`([\w/]+\.py|[\w/]+/)(?::[^`]*)?`", walks))
    assert len(named) >= 15
    roots = [REPOSITORY, REPOSITORY / "exercises", REPOSITORY / "notifications"]
    roots += [REPOSITORY / "notifications/incoming/conversation"]
    for name in named:
        assert any((root / name).exists() for root in roots) or name == "sending.py", name
