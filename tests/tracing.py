"""Which tests are traced when coverage is measured: following lines doubles the time of a test.

Of a test with many cases the first few walk the lines that the others walk too, and what the long ones
do happens in processes that are not followed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest

CASES = 3
UNTRACED = pytest.StashKey[bool]()


def choose(items: list[pytest.Item]) -> None:
    """Set aside what is not followed, the same in every run."""
    cases: Counter[str] = Counter()
    for item in sorted(items, key=lambda item: item.nodeid):
        test = item.nodeid.partition("[")[0]
        cases[test] += 1
        far = cases[test] > CASES
        item.stash[UNTRACED] = far or item.get_closest_marker("long") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop following for all of an untraced test, its fixtures included."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    coverage = plugin and plugin.cov_controller
    if not coverage or not item.stash[UNTRACED] or item.get_closest_marker("no_cover"):
        return (yield)
    coverage.pause()
    try:
        return (yield)
    finally:
        coverage.resume()
