"""`make demo`: everything on one machine with one command; Ctrl-C leaves nothing behind.

`make manage RUN="…"` runs a command of manage.py on the demo's data, whether the demo runs or not.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from hep.local_services import MissingServerError, addresses, home, only_one, running_services

REPOSITORY = Path(__file__).resolve().parent.parent
PROCFILE = REPOSITORY / "hep" / "Procfile"
# The virtual clinic's number; 555-01xx numbers belong to nobody.
CLINIC_NUMBER = "+14155550100"
READY_SECONDS = 60.0
# What every command needs; the demo has its patients too.
TABLES = (["migrate", "--verbosity", "0"], ["load_content"])


def demo_environment(folder: Path) -> dict[str, str]:
    """The settings of the demo; anything set outside wins, except what makes it a demo."""
    port = os.environ.get("HEP_PORT", "8000")
    simulator_port = os.environ.get("SIMULATOR_PORT", "8001")
    return {
        "SECRET_KEY": _kept_secret(folder / "secret_key"),
        "TWILIO_AUTH_TOKEN": _kept_secret(folder / "simulator_token"),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        **os.environ,
        "DEBUG": "true",
        "HEP_BIND": os.environ.get("HEP_BIND", "127.0.0.1"),
        "HEP_PORT": port,
        "SIMULATOR_PORT": simulator_port,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_API_BASE_URL": f"http://localhost:{simulator_port}",
        "SIMULATOR_NUMBERS": CLINIC_NUMBER,
        "PYTHONUNBUFFERED": "1",
        # The demo may run as root, in a container say; the image for production does not.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _kept_secret(path: Path) -> str:
    """A random secret that stays the same between runs, readable only by its owner."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def announce(environment: dict[str, str]) -> None:
    """Print the addresses once the service answers."""
    base = f"http://localhost:{environment['HEP_PORT']}"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        sys.stderr.write(f"The demo is not ready: look at {base}/readyz and at the log above.\n")
        return
    sys.stdout.write(
        f"\n  The demo is running. Ctrl-C stops all of it.\n\n"
        f"  Landing page   {base}/\n"
        f"  Admin          {base}/admin/   demo@example.org / demo, admin@example.org / admin\n"
        f"  API docs       {base}/api/docs/\n"
        f"  The phones     http://localhost:{environment['SIMULATOR_PORT']}/\n\n"
    )
    sys.stdout.flush()


def prepare(environment: dict[str, str], commands: Iterable[list[str]]) -> None:
    """Bring the database up to date."""
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=REPOSITORY, env=environment, check=True
        )


def manage(folder: Path, command: list[str]) -> int:
    """`manage.py COMMAND` beside the demo that runs, or with servers for as long as it takes."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_one(folder, "services"))
            found = stack.enter_context(running_services(folder))
            # The demo may never have run here.
            prepare(demo_environment(folder) | found, TABLES)
        except BlockingIOError:
            found = addresses(folder)
        environment = demo_environment(folder) | found
        return subprocess.call(
            [sys.executable, "manage.py", *command], cwd=REPOSITORY, env=environment
        )


def everything(folder: Path) -> int:
    """Start everything, wait for Ctrl-C, stop everything."""
    with only_one(folder, "services"), running_services(folder) as found:
        environment = demo_environment(folder) | found
        prepare(environment, [*TABLES, ["load_demo"]])
        manager = Manager(Printer(sys.stdout, time_format="", width=9))
        for name, command in parse_procfile(PROCFILE.read_text(encoding="ascii")).processes.items():
            manager.add_process(name, command, cwd=str(REPOSITORY), env=environment)
        threading.Thread(target=announce, args=(environment,), daemon=True).start()
        manager.loop()
        # 130: ended by Ctrl-C, which is how a demo is meant to end.
        return 0 if manager.returncode in {None, 130} else int(manager.returncode)


def main(command: list[str]) -> int:
    """The demo, or with a COMMAND that one alone. Returns an exit code."""
    folder = home()
    try:
        return manage(folder, command) if command else everything(folder)
    except (BlockingIOError, FileNotFoundError):
        sys.stderr.write(f"A demo or a test run is using {folder} already. Stop it first.\n")
    except MissingServerError as error:
        sys.stderr.write(f"{error}\n")
    except subprocess.CalledProcessError:
        sys.stderr.write("The demo could not be prepared; the lines above say why.\n")
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
