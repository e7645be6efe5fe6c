"""docker-compose.yml, the Makefile, the Procfile and the settings say the same."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hep.celery import LANES, Lane
from hep.env import REPOSITORY, Environment
from hep.yaml_file import parse_yaml, read_yaml

COMPOSE: dict[str, Any] = read_yaml(REPOSITORY / "docker-compose.yml")
ENV_EXAMPLE = (REPOSITORY / ".env.example").read_text()
NO_COMPOSE = shutil.which("docker-compose") is None
WORKERS = [f"worker-{lane.name}" for lane in LANES]
RUNNING = ["web", *WORKERS, "beat", "simulator"]
# Read by docker-compose itself, not by the service.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "HEP_HOST"}


def listed_settings() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))


def makefile_commands(target: str) -> list[list[str]]:
    """The recipe of a target as argument lists, with make's variables as the shell's."""
    text = (REPOSITORY / "Makefile").read_text()
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n?)+)", text, re.MULTILINE)
    assert recipe is not None, target
    lines = re.sub(r"\$\((\w+)\)", r"$\1", recipe[1]).splitlines()
    return [shlex.split(line.strip().removeprefix("exec ")) for line in lines]


def compose_commands(service: str) -> list[list[str]]:
    words = shlex.split(COMPOSE["services"][service]["command"].replace("$$", "$"))
    if words[:2] == ["sh", "-c"]:
        return [shlex.split(part.removeprefix("exec ")) for part in words[2].split(" && ")]
    return [words]


@pytest.mark.parametrize("service", ["migrate", *RUNNING])
def test_compose_runs_what_the_makefile_runs(service: str) -> None:
    assert compose_commands(service) == makefile_commands(service)


@pytest.mark.parametrize("service", RUNNING)
def test_the_demo_runs_what_production_runs(service: str) -> None:
    procfile = (REPOSITORY / "hep" / "Procfile").read_text()
    line = next(line for line in procfile.splitlines() if line.startswith(f"{service}: "))
    assert [shlex.split(line.split(": ", 1)[1])] == makefile_commands(service)


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
def test_a_deploy_waits_until_a_task_of_the_lane_is_done(lane: Lane) -> None:
    service = COMPOSE["services"][f"worker-{lane.name}"]
    assert int(service["stop_grace_period"].removesuffix("s")) > lane.hard
    assert f"--queues {lane.name} " in service["command"]
    assert f"--destination {lane.name}@$$HOSTNAME" in service["healthcheck"]["test"][1]


def test_every_setting_is_listed_and_nothing_else() -> None:
    fields = {name.upper() for name in Environment.model_fields}
    assert listed_settings() - COMPOSE_ONLY == fields


def test_compose_sets_only_listed_variables() -> None:
    for name, service in COMPOSE["services"].items():
        if "env_file" in service:
            assert set(service.get("environment", ())) <= listed_settings(), name


def test_every_service_has_a_health_check_or_ends() -> None:
    for name, service in COMPOSE["services"].items():
        assert "healthcheck" in service or name == "migrate"


def test_compose_holds_no_secret() -> None:
    text = (REPOSITORY / "docker-compose.yml").read_text()
    for name in ("POSTGRES_PASSWORD", "SECRET_KEY", "TWILIO_AUTH_TOKEN"):
        for value in re.findall(rf"{name}: (.*)", text):
            assert value.startswith("${"), name


@pytest.mark.skipif(
    NO_COMPOSE,
    reason="`make test` installs it where root may; else: apt-get install docker-compose",
)
def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "docker-compose.yml", tmp_path)
    shutil.copy(REPOSITORY / ".env.example", tmp_path / ".env")
    (tmp_path / "Dockerfile").touch()
    result = subprocess.run(  # fixed arguments
        ["docker-compose", "--profile", "demo", "config"],  # noqa: S607  # found on PATH
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "POSTGRES_PASSWORD": "made-up"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert set(parse_yaml(result.stdout)["services"]) == set(COMPOSE["services"])


def test_the_image_can_be_built_with_the_values_it_gives() -> None:
    text = (REPOSITORY / "Dockerfile").read_text().replace("\\\n", " ")
    (line,) = re.findall(r"^RUN (SECRET_KEY=.*)$", text, re.MULTILINE)
    words = shlex.split(line)
    given = dict(word.split("=", 1) for word in words if "=" in word)
    command = [word for word in words if "=" not in word]
    assert command[:2] == ["python", "manage.py"]
    result = subprocess.run(  # our own command
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_the_example_settings_start_once_the_secrets_are_filled_in() -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", ENV_EXAMPLE, re.MULTILINE))
    secrets = {
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "made-up",
        "HEP_HOME": ".local",
    }
    result = subprocess.run(  # our own command
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", **given, **secrets},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
