"""A platform in a process of its own, as `redress up` starts it, and somebody logged in."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.processes import free_port

NEW_PASSWORD = "corner-quotes-for-what-is-said"
LIMITS = {
    "REDRESS_RATE_PUBLIC_PER_MINUTE": "1000000",
    "REDRESS_RATE_PUBLIC_BURST": "1000000",
    "INTAKE_FLOOD_PER_MINUTE": "0",
    "REDRESS_RATE_STAFF_PER_MINUTE": "1000000",
    "REDRESS_RATE_LOGIN_PER_MINUTE": "1000000",
}


def surroundings(folder: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "TMPDIR": str(folder / "tmp"), **LIMITS}


class Site:
    """A running platform, and the headers of somebody who is logged in."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url, self.headers = url, headers


@contextmanager
def running(folder: Path, known: Site | None = None, /, **told: str) -> Generator[Site]:
    """`redress up` on a folder of its own; its log is `folder/log`, its temporary files beside.

    `known` is the same platform as it ran on this folder before, with who was logged in then.
    """
    (folder / "tmp").mkdir(exist_ok=True)
    data, port = folder / "data", free_port()
    command = [sys.executable, "-m", "deploy.cli", "up", "--data", str(data), "--port", str(port)]
    command += ["--no-demo", "--json"]
    with (data.parent / "log").open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - our own program
            command, env=surroundings(folder) | told, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(url, server)
            yield Site(url, known.headers if known else logged_in(url, data))
        finally:
            server.terminate()
            server.wait(30)


def console(folder: Path, *words: str) -> None:
    """A command of `redress` beside the running platform. Raises CalledProcessError."""
    command = [sys.executable, "-m", "deploy.cli", *words, "--data", str(folder / "data")]
    subprocess.run(command, env=surroundings(folder), check=True, capture_output=True)  # noqa: S603 - our own program


def wait_until_ready(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url + "/readyz").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError("The server did not become ready.")


def logged_in(url: str, data: Path) -> dict[str, str]:
    text = data.with_name(data.name + ".passwords.txt").read_text()
    name, password = next(line.split()[:2] for line in text.splitlines() if "admin" in line)
    said = {"name": name, "password": password, "new_password": NEW_PASSWORD}
    answer = httpx.post(url + "/mediation/api/v1/login", json=said)
    assert answer.status_code == 200, answer.text
    cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    return {"Cookie": cookie, "X-CSRF-Token": answer.headers["X-CSRF-Token"]}
