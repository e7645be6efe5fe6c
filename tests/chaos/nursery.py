"""Processes that begin with everything imported: reading our code is most of what a start costs.

`python -m tests.chaos.nursery` reads a JSON line for each process to start, `{"kind", "log",
"rate"}`, forks it and answers with its number; `{"end": number}` kills it with its children, by SIGKILL.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from hep.env import REPOSITORY

PRELOADED = ("celery.bin.celery", "gunicorn.app.wsgiapp", "hep.celery", "hep.urls")


class Nursery:
    """The stage's end of it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, kind: str, *, log: Path, rate: float) -> int:
        """Start a process; its number."""
        return self._ask({"kind": kind, "log": str(log), "rate": rate})

    def end(self, number: int) -> None:
        """Kill a process with its children, and wait until it is gone."""
        self._ask({"end": number})

    def close(self) -> None:
        """No more are started."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _ask(self, what: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _born(kind: str, *, log: str, rate: float) -> None:
    """What the child does; never returns."""
    from tests.chaos import process  # noqa: PLC0415  # it reads its settings as it is imported

    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(log).open("ab") as out, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    process.main(kind, rate=rate)


def _start(asked: dict[str, Any]) -> int:
    number = os.fork()
    if number:
        # In either process, so that it is so before the other goes on.
        with contextlib.suppress(OSError):
            os.setpgid(number, number)
        return number
    code = 1
    try:
        _born(asked["kind"], log=asked["log"], rate=asked["rate"])
        code = 0
    except SystemExit as left:
        code = int(left.code or 0) if isinstance(left.code, int | None) else 1
    except BaseException:  # noqa: BLE001  # as an interpreter ends: told in its log, never the parent's loop
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _end(number: int) -> int:
    # Until it is waited for, its number is nobody else's.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)
    os.waitpid(number, 0)
    return number


def main() -> None:
    """Import what the processes need, then start them as they are asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")
    import django  # noqa: PLC0415  # read here, used by the children

    django.setup()
    for name in PRELOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        number = _end(asked["end"]) if "end" in asked else _start(asked)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
