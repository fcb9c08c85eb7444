"""A data folder, and the commands that people type on it."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.deploy.commands import typed

REDRESS = [sys.executable, "-m", "deploy.cli"]
PATIENCE = 120


@dataclass
class Installation:
    """A data folder, with or without a server."""

    folder: Path
    server: "subprocess.Popen[str] | None" = None
    first: dict[str, Any] = field(default_factory=dict)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run one command; its stdout. Its exit code must be `code`."""
        done = self.ended(*arguments)
        assert done.returncode == code, done.stderr
        return done.stdout

    def ended(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return typed([*arguments, "--data", str(self.folder)], PATIENCE)

    def facts(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code))

    def up(self, *arguments: str) -> dict[str, Any]:
        """Start the server; what it says when it is ready."""
        command = [*REDRESS, "up", "--port", "0", "--json", "--data", str(self.folder), *arguments]
        with self.folder.with_suffix(".log").open("a") as log:
            self.server = subprocess.Popen(  # noqa: S603 - our own program
                command, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.server.stdout is not None
        line = self.server.stdout.readline()
        assert line, self.folder.with_suffix(".log").read_text()
        facts: dict[str, Any] = json.loads(line)
        return facts

    def down(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the server; its exit code."""
        assert self.server is not None
        self.server.send_signal(how)
        with self.server as server:
            return server.wait(PATIENCE)
