"""Production as it is shipped: nginx with our file before gunicorn with compose's command."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from hep.env import REPOSITORY
from hep.yaml_file import read_yaml
from tests.flows.running_demo import free_port
from tests.waiting import eventually

OPENSSL = shutil.which("openssl")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        NGINX is None or OPENSSL is None,
        reason="needs nginx and openssl; on Debian: apt-get install nginx-light openssl",
    ),
]
HOST = "hep.example.org"
TEMPLATE = REPOSITORY / "hep" / "proxy" / "hep.conf.template"
SLOW = 200
# Seconds that two pages may take while other tests use the machine.
BUSY = 10
# Whose connections are counted apart from ours.
ELSEWHERE = "127.0.0.2"
KB = 1024


@dataclass
class Served:
    """Where the proxy listens, and where the service does."""

    https: int
    http: int
    service: int
    folder: Path

    @property
    def certificate(self) -> Path:
        """Our own, so that it can be looked at as anybody's."""
        return self.folder / "tls" / "fullchain.pem"

    def get(self, path: str) -> requests.Response:
        """Ask the proxy over TLS, by its name."""
        return requests.get(
            f"https://localhost:{self.https}{path}", headers={"Host": HOST}, verify=str(self.certificate),
            allow_redirects=False, timeout=20,
        )  # fmt: skip  # a call


def production(port: int) -> dict[str, str]:
    """What compose gives the web server: the example settings with the secrets filled in."""
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {
        **example,
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "made-up",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "HEP_BIND": "127.0.0.1",
        "HEP_PORT": str(port),
        "HEP_HOME": ".local",
    }


def configuration(served: Served) -> Path:
    """Our file as the nginx image fills it in, on ports of the test."""
    tls = served.folder / "tls"
    text = TEMPLATE.read_text()
    for name, value in (
        ("${HEP_HOST}", HOST), ("${HEP_UPSTREAM}", f"127.0.0.1:{served.service}"),
        ("/etc/hep/tls", str(tls)), ("listen 80;", f"listen 127.0.0.1:{served.http};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{served.https} ssl;"),
    ):  # fmt: skip  # a table
        assert name in text
        text = text.replace(name, value)
    (served.folder / "hep.conf").write_text(text)
    paths = "".join(
        f"{kind}_temp_path {served.folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = served.folder / "nginx.conf"
    path.write_text(
        f"daemon off;\npid {served.folder}/nginx.pid;\nerror_log {served.folder}/error.log;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{\naccess_log off;\n{paths}include {served.folder}/hep.conf;\n}}\n"
    )
    return path


def make_certificate(folder: Path) -> None:
    folder.mkdir()
    subprocess.run(  # noqa: S603  # fixed arguments
        [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", f"/CN={HOST}", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip  # a call


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Both running, and answering."""
    made = Served(free_port(), free_port(), free_port(), tmp_path_factory.mktemp("proxy"))
    make_certificate(made.folder / "tls")
    # As the Dockerfile does.
    subprocess.run(  # our own command
        [sys.executable, "manage.py", "collectstatic", "--no-input"],
        cwd=REPOSITORY, env=production(made.service), check=True, capture_output=True,
    )  # fmt: skip  # a call
    services = read_yaml(REPOSITORY / "docker-compose.yml")["services"]
    command = services["web"]["command"].replace("$$", "$").replace("python ", f"{sys.executable} ")
    with (made.folder / "web.log").open("w") as log:
        web = subprocess.Popen(  # noqa: S603  # compose's own command
            shlex.split(command), cwd=REPOSITORY, env=production(made.service),
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip  # a call
        proxy = subprocess.Popen(  # noqa: S603  # fixed arguments
            [str(NGINX), "-c", str(configuration(made)), "-p", str(made.folder)],
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip  # a call
    try:
        eventually(lambda: is_up(made), seconds=60)
        yield made
    finally:
        for process in (proxy, web):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def is_up(served: Served) -> bool:
    try:
        return served.get("/healthz").status_code == 200
    except requests.RequestException:
        return False


def test_the_health_check_of_compose_is_green(served: Served) -> None:
    services = read_yaml(REPOSITORY / "docker-compose.yml")["services"]
    test = services["web"]["healthcheck"]["test"]
    command = [part.replace(":8000", f":{served.service}") for part in test[1:]]
    done = subprocess.run([sys.executable, *command[1:]], check=False, capture_output=True)  # noqa: S603  # compose's own
    assert done.returncode == 0, done.stderr
    plain = requests.get(
        f"http://localhost:{served.http}/healthz", headers={"Host": HOST}, timeout=5
    )
    assert plain.status_code == 200


def test_plain_http_is_sent_to_https_and_operators_pages_are_closed(served: Served) -> None:
    plain = requests.get(
        f"http://localhost:{served.http}/admin/", headers={"Host": HOST}, allow_redirects=False,
        timeout=5,
    )  # fmt: skip  # a call
    assert (plain.status_code, plain.headers["Location"]) == (308, f"https://{HOST}/admin/")
    assert {served.get(path).status_code for path in ("/metrics", "/readyz")} == {404}
    page = served.get("/admin/login/")
    assert page.status_code == 200
    assert "secure" in page.headers["Set-Cookie"].lower()
    assert page.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("path", "size"),
    [("/webhooks/twilio/inbound/", 65 * KB), ("/api/v1/patients/", 1025 * KB), ("/admin/login/", 11_000 * KB)],
)  # fmt: skip  # a table
def test_what_is_too_large_is_refused_before_it_is_read(
    served: Served, path: str, size: int
) -> None:
    """By the length it names, without a byte of the body."""
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n\r\n"
    with connected(served) as talk:
        talk.sendall(head.encode())
        assert talk.recv(64).startswith(b"HTTP/1.1 413")


def connected(served: Served, *, of: str = "127.0.0.1") -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=served.certificate)
    plain = socket.create_connection(
        ("127.0.0.1", served.https), timeout=20, source_address=(of, 0)
    )
    return context.wrap_socket(plain, server_hostname="localhost")


HEAD = f"POST /api/v1/auth/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
STARTS = {
    # A head that never ends, and a body that never does.
    "head": HEAD + "X-Slow: ",
    "body": HEAD + "Content-Length: 1000\r\n\r\n{",
}


@pytest.mark.parametrize("part", STARTS)
def test_slow_clients_hold_nobody_else_up(served: Served, part: str) -> None:
    """200 connections that send a byte a second: everybody else is answered."""
    stop, talks = Event(), [connected(served, of=ELSEWHERE) for _ in range(SLOW)]
    trickle = Thread(target=drip, args=(talks, STARTS[part], stop))
    trickle.start()
    try:
        took = []
        for _ in range(40):
            began = time.monotonic()
            assert served.get("/healthz").status_code == 200
            assert served.get("/admin/login/").status_code == 200
            took.append(time.monotonic() - began)
        # By itself it takes milliseconds; without the proxy nobody is answered at all.
        assert max(took) < BUSY
    finally:
        stop.set()
        trickle.join()
        for talk in talks:
            talk.close()


def drip(talks: list[ssl.SSLSocket], start: str, stop: Event) -> None:
    """Begin a request on each connection and go on with a byte a second."""
    said = start.encode()
    while True:
        for talk in talks:
            try:
                talk.sendall(said)
            except OSError:
                continue  # the proxy has had enough of this one
        said = b"x"
        if stop.wait(1):
            return
