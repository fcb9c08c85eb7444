"""`redress up`: the web server and the control socket of one process, started and stopped."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from deploy.cli.control import Control
from deploy.cli.doors import doors
from deploy.cli.errors import CannotError
from deploy.cli.first import First, first_start, print_first
from deploy.cli.folder import note_running, open_vault, owning, socket_of
from deploy.cli.leaving import dump_nothing, temporary_folder
from deploy.cli.memory import give_back, keep_little, look_seldom
from deploy.embedded import assemble
from shared.clock import system_clock
from shared.log import configure
from shared.runtime.embedded import Embedded
from shared.runtime.patient import Patient
from shared.settings import CommonSettings

ENDS = (signal.SIGINT, signal.SIGTERM)
GRACE = 20
"""Seconds that open requests get when we are asked to stop."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    host: str
    port: int
    demo: bool | None
    json: bool = False


def run(common: CommonSettings, wanted: Wanted) -> None:
    """Serve until asked to stop."""
    configure(common.log_level)
    keep_little()
    dump_nothing()
    with asyncio.Runner(loop_factory=loop_factory()) as runner, suppress(asyncio.CancelledError):
        runner.run(serve(common, wanted))


def loop_factory() -> Any:
    """A faster loop where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not on every system

    return uvloop.new_event_loop


async def serve(common: CommonSettings, wanted: Wanted) -> None:
    """Own the folder, prepare it, and answer until the end."""
    with owning(common), listening(wanted) as door, temporary_folder(common):
        address = public_address(common, wanted, door)
        common = with_address(common, address)
        was_empty = not common.data.joinpath("intake.db").exists()
        vault, made_key = open_vault(common)
        platform = assemble(common, vault, system_clock)
        try:
            await platform.migrate()
            demo = was_empty if wanted.demo is None else wanted.demo
            first = await first_start(platform, demo=demo, made_key=made_key)
            await answer(platform, door, first, wanted, address)
        finally:
            await platform.close()


async def answer(
    platform: Embedded, door: socket.socket, first: First, wanted: Wanted, address: str
) -> None:
    """The web server, and beside it the control socket."""
    web = platform.app()

    def ready() -> None:
        look_seldom()
        note_running(platform.common, address)
        print_first(first, address, as_json=wanted.json)

    server = Serving(web, ready, timeout_graceful_shutdown=GRACE)
    trimming = asyncio.create_task(give_back())
    try:
        async with controlled(platform, web):
            await server.serve(sockets=doors(door))
    finally:
        trimming.cancel()


@asynccontextmanager
async def controlled(platform: Embedded, web: ASGIApp) -> AsyncGenerator[None]:
    """Answer on the control socket for as long as this lasts."""
    path = socket_of(platform.common)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.bind(str(path))
    finally:
        os.umask(before)
    control = Beside(Control(platform, web), lifespan="off", timeout_graceful_shutdown=1)
    task = asyncio.create_task(control.serve(sockets=[door]))
    try:
        yield
    finally:
        control.should_exit = True
        await task
        path.unlink(missing_ok=True)


class Serving(uvicorn.Server):
    """A web server that says when it is ready."""

    def __init__(self, app: ASGIApp, ready: Any = None, **options: Any) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=Patient,
            proxy_headers=False,  # we read them ourselves, behind the configured hops only
            **options,
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._ready and not self.should_exit:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Ctrl-C and SIGTERM end the serving, not the process: the rest is still to be closed."""
        loop = asyncio.get_running_loop()
        for one in ENDS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in ENDS:
                loop.remove_signal_handler(one)


class Beside(Serving):
    """A second server in the same process: signals are the first one's business."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextmanager
def listening(wanted: Wanted) -> Generator[socket.socket]:
    """The port, taken before anything else is done. Raises CannotError."""
    family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((wanted.host, wanted.port))
        except OSError as error:
            raise CannotError(
                f"Cannot listen on {wanted.host} port {wanted.port}: "
                f"{error.strerror or error}. Choose another one with --port."
            ) from error
        yield door


def public_address(common: CommonSettings, wanted: Wanted, door: socket.socket) -> str:
    """What people type: the configured address, or where we listen."""
    if "public_url" in common.model_fields_set:
        return common.public_url
    everywhere = wanted.host in {"", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    host = "127.0.0.1" if everywhere else wanted.host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{door.getsockname()[1]}"


def with_address(common: CommonSettings, address: str) -> CommonSettings:
    return common.model_copy(update={"public_url": address})
