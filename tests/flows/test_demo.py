"""The demo with real processes: a text that comes by itself, and the README's curl session."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from hep.env import REPOSITORY
from tests.flows.running_demo import RunningDemo
from tests.waiting import eventually

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("demo"), pytest.mark.long]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that runs for all tests of this file."""
    running = RunningDemo(tmp_path_factory.mktemp("demo"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


def texts_on(demo: RunningDemo, phone: str) -> list[str]:
    rows = requests.get(f"{demo.phones}/phones/{phone}/messages", timeout=5).json()
    return [row["body"] for row in rows if row["who"] == "clinic"]


def test_the_demo_patient_is_asked_with_nobody_touching_anything(demo: RunningDemo) -> None:
    texts = eventually(lambda: texts_on(demo, "+14155550111"), seconds=60)
    assert "Maria" in texts[0]
    eventually(lambda: "delivered" in demo.log.read_text())
    log = demo.log.read_text()
    for step in ("notifications.outgoing.due due", "accepted", "delivered"):
        assert step in log
    assert "+1415" not in log
    assert "Maria" not in log


def test_the_readmes_curl_session_works_as_written(demo: RunningDemo) -> None:
    readme = (REPOSITORY / "README.md").read_text()
    session = re.search(r"## A first session with curl.*?```sh\n(.*?)```", readme, re.DOTALL)
    assert session is not None
    script = session[1].replace("http://localhost:8000", demo.web)
    script = script.replace("http://localhost:8001", demo.phones)
    script = script.replace(".venv/bin/python", sys.executable)
    result = subprocess.run(  # noqa: S603  # the README's own text
        ["bash", "-eu", "-c", f'AUTH=""\n{script}'],  # noqa: S607  # found on PATH
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    last = result.stdout.strip().splitlines()[-1]
    assert '"score":6' in last
    assert '"source":"sms"' in last
    # The score is on record before its answer has left.
    eventually(lambda: texts_on(demo, "+14155550142")[-1].startswith("Thank you, Ben."))
    assert "home program texts" in texts_on(demo, "+14155550142")[0]


def test_ctrl_c_leaves_no_process_behind_and_a_second_demo_is_told(tmp_path: Path) -> None:
    demo = RunningDemo(tmp_path)
    try:
        demo.start()
        children = demo.children()
        assert len(children) >= 4
        second = subprocess.run(  # our own command
            [sys.executable, "-m", "hep.demo"],
            cwd=REPOSITORY,
            env=demo.environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 1
        assert "already" in second.stderr
        assert demo.interrupt() == 0
        assert psutil.wait_procs(children, timeout=10)[1] == []
    finally:
        demo.stop()
