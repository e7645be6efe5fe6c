"""The demo with real processes: a text that comes by itself, and the README's curl session."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from hep.env import REPOSITORY
from tests.depth import THOROUGH
from tests.flows.running_demo import RunningDemo
from tests.waiting import eventually
from tests.wave import NUISANCES, Wave

pytestmark = [pytest.mark.timeout(900), pytest.mark.long]
# Far above what is promised (3 s, which `make bench` measures): no test of ours times anything.
# Without lanes it would be minutes.
AT_LAST = 20
COPY = """
from exercises.models import Clinic, ProgramTemplate
from exercises.services.library import copy_template
template = ProgramTemplate.objects.get(clinic=None, slug="plantar-fasciitis")
for clinic in Clinic.objects.all():
    copy_template(template=template, clinic=clinic)
"""


def texts_on(demo: RunningDemo, phone: str) -> list[str]:
    """What the clinic wrote to `phone`; nothing where nobody has such a phone yet."""
    if not phone:
        return []
    rows = requests.get(f"{demo.phones}/phones/{phone}/messages", timeout=5).json()
    return [row["body"] for row in rows if row["who"] == "clinic"]


def test_the_life_of_a_demo(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """One demo for all of it, since starting eight processes is the dearest thing a test can do."""
    with Wave(tmp_path, patients=300) as wave:
        demo = wave.demo
        for name, check in (
            ("its patient is asked with nobody touching anything", _its_patient_is_asked),
            ("a command joins in", _a_command_joins_in),
            ("the README's curl session works as written", _the_readmes_session_works),
            ("the app's session of docs/api.md works as written", _the_apps_session_works),
            # Each waits a minute: for a text that is due, for a code that may be asked again.
            *(
                [
                    ("again, with the template copied", _it_works_again),
                    ("and the app's", _the_apps_session_works),
                ]
                if THOROUGH
                else []
            ),
            ("a second demo is told", _a_second_demo_is_told),
        ):
            with subtests.test(name):
                check(demo)
        with subtests.test("a red flag is answered while everything else hangs"):
            _a_red_flag_is_answered(wave)
        with subtests.test("Ctrl-C leaves no process behind"):
            _ctrl_c_leaves_nothing(demo)


def _its_patient_is_asked(demo: RunningDemo) -> None:
    texts = eventually(lambda: texts_on(demo, "+14155550111"), seconds=60)
    assert "Maria" in texts[0]
    eventually(lambda: "delivered" in demo.log.read_text())
    log = demo.log.read_text()
    for step in ("notifications.outgoing.due due", "accepted", "delivered"):
        assert step in log
    assert "+1415" not in log
    assert "Maria" not in log


def _a_command_joins_in(demo: RunningDemo) -> None:
    assert "Strengthen" in _command(demo, "program_calendar", "plantar-fasciitis")


def _command(demo: RunningDemo, *words: str) -> str:
    """What `make manage RUN=…` prints; it finds the servers of the demo in its folder."""
    environment = demo.environment()
    del environment["DATABASE_URL"], environment["REDIS_URL"]
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "hep.demo", *words],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _session(demo: RunningDemo, document: str, heading: str) -> list[str]:
    """Type the session below `heading` as it stands there; the lines it printed."""
    text = (REPOSITORY / document).read_text()
    session = re.search(rf"## {heading}.*?```sh\n(.*?)```", text, re.DOTALL)
    assert session is not None
    script = session[1].replace("http://localhost:8000", demo.web)
    script = script.replace("http://localhost:8001", demo.phones)
    script = script.replace(".venv/bin/python", sys.executable)
    result = subprocess.run(  # noqa: S603  # the document's own text
        ["bash", "-eu", "-c", f'AUTH=""\n{script}'],  # noqa: S607  # found on PATH
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip().splitlines()


def _it_works_again(demo: RunningDemo) -> None:
    """As somebody does who copied the template in step 8, and typed the session before."""
    _command(demo, "shell", "--command", COPY)
    _the_readmes_session_works(demo)


def _the_apps_session_works(demo: RunningDemo) -> None:
    printed = _session(demo, "docs/api.md", "A patient's app in ten minutes")
    assert "".join(printed).count('"status":"kept"') == 4
    assert printed[-1] == "3"


def _the_readmes_session_works(demo: RunningDemo) -> None:
    last = _session(demo, "README.md", "A first session with curl")[-1]
    assert '"score":6' in last
    assert '"source":"sms"' in last
    # The score is on record before its answer has left.
    texts = eventually(lambda: texts_on(demo, _newest_phone(demo, "Thank you, Ben.")))
    assert "home program texts" in texts[0]


def _newest_phone(demo: RunningDemo, words: str) -> str:
    """The phone that got a text of these words, empty before."""
    phones = requests.get(f"{demo.phones}/phones", timeout=5).json()
    return next((row["number"] for row in phones if row["last"]["body"].startswith(words)), "")


def _a_second_demo_is_told(demo: RunningDemo) -> None:
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


def _a_red_flag_is_answered(wave: Wave) -> None:
    """What is urgent never waits behind what is long: once one waited 25 s behind a wave."""
    for nuisance in NUISANCES:
        wave.plant(nuisance)
    waits = [wave.seconds_to_an_answer() for _ in range(4)]
    # The queue was under way all the time, and still is.
    assert wave.waiting() > 150
    assert max(waits) < AT_LAST


def _ctrl_c_leaves_nothing(demo: RunningDemo) -> None:
    children = demo.children()
    assert len(children) >= 6
    assert demo.interrupt() == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []
