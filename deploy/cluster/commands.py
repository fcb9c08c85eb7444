"""`redress cluster up|down|status`, as functions."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploy.cluster import state
from deploy.cluster.health import ask
from deploy.cluster.identity import put_down, same
from deploy.cluster.layout import Layout, Ports
from deploy.cluster.running import Tell
from deploy.cluster.supervisor import Supervisor, alone
from deploy.front import nginx
from deploy.kafka import fetch, java
from deploy.postgres.programs import programs
from deploy.processes import ClusterError, Program, start

LEFT_RUNNING: list[subprocess.Popen[bytes]] = []
"""Supervisors that this process started and that outlive it."""
UP_PATIENCE = 300.0
DOWN_PATIENCE = 120.0


def up(
    port: int = 8000,
    data: Path = Path("data"),
    kafka_nodes: int | None = None,
    *,
    foreground: bool = False,
    tell: Tell = print,
) -> dict[str, Any]:
    """Start the distributed mode; return its status when the front answers.

    A supervisor stays and starts again what falls; with `foreground` it is this process, until
    Ctrl-C. Raises MissingError, which names the program that isn't there, and ClusterError.
    """
    layout = Layout(data.absolute())
    refuse_the_embedded(layout)
    if (running := already(layout, port)) is not None:
        tell(f"it runs already: {running['address']}")
        return running
    tell("looking for PostgreSQL, Java, Kafka and nginx")
    for needed in (programs, java, fetch, nginx):
        needed()
    before = Ports.read(layout.ports)
    nodes = kafka_nodes or (len(before.kafka) if before else 1)
    if foreground:
        with alone(layout):
            Supervisor(layout, port, nodes, tell).run()
        return status(data)
    supervisor = _supervise(layout, port, nodes)
    LEFT_RUNNING.append(supervisor)
    try:
        return _follow(layout, supervisor, tell)
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise


def down(data: Path = Path("data"), *, tell: Tell = print) -> bool:
    """Stop it all gracefully; returns whether there was something to stop."""
    layout = Layout(data.absolute())
    facts = state.read(layout.state)
    if not state.supervised(facts):
        left = [one for one in reversed(facts.get("processes", [])) if put_down(**_noted(one))]
        return bool(left)
    supervisor = facts["supervisor"]
    os.kill(supervisor["pid"], signal.SIGTERM)
    end = time.monotonic() + DOWN_PATIENCE
    heard = 0
    while same(supervisor["pid"], supervisor["born"]):
        if time.monotonic() > end:
            raise ClusterError(f"it did not stop within {DOWN_PATIENCE:.0f} s; see {layout.logs}")
        heard = _pass_on(layout, heard, tell, stopping=True)
        time.sleep(0.1)
    _pass_on(layout, heard, tell, stopping=True)
    return True


def status(data: Path = Path("data")) -> dict[str, Any]:
    """What runs: phase, process ids, addresses, versions, and what each says of itself now."""
    for one in LEFT_RUNNING:
        one.poll()
    layout = Layout(data.absolute())
    facts = state.read(layout.state)
    running = state.supervised(facts)
    phase = facts.get("phase", "stopped")
    return {
        "running": running,
        "phase": phase if running or phase in {"stopped", "failed"} else "abandoned",
        "trouble": facts.get("trouble"),
        "address": facts.get("address"),
        "processes": [_process(one, facts["addresses"]) for one in facts.get("processes", [])],
        "addresses": facts.get("addresses", {}),
        "versions": facts.get("versions", {}),
        "logs": str(layout.logs),
        "environment": str(layout.environment),
    }


def refuse_the_embedded(layout: Layout) -> None:
    if (layout.data / "intake.db").exists():
        raise ClusterError(
            f"{layout.data} holds an embedded installation: choose another --data for the cluster"
        )


def already(layout: Layout, port: int) -> dict[str, Any] | None:
    """The status of a cluster that is ready on this port. Raises ClusterError for another port."""
    facts = state.read(layout.state)
    if not state.supervised(facts) or facts["phase"] != "ready":
        return None
    if not str(facts["address"]).endswith(f":{port}"):
        raise ClusterError(f"a cluster runs there already, at {facts['address']}")
    return status(layout.data)


def _supervise(layout: Layout, port: int, nodes: int) -> subprocess.Popen[bytes]:
    return start(
        Program(
            name="supervisor",
            arguments=(
                *(sys.executable, "-m", "deploy.cluster"),
                *(str(layout.data), str(port), str(nodes)),
            ),
            log=layout.logs / "supervisor.log",
        )
    )


def _follow(layout: Layout, process: subprocess.Popen[bytes], tell: Tell) -> dict[str, Any]:
    """Pass on what the supervisor says, until it is ready."""
    end = time.monotonic() + UP_PATIENCE
    heard = 0
    while time.monotonic() < end:
        facts = state.read(layout.state)
        mine = facts.get("supervisor", {}).get("pid") == process.pid
        heard = _pass_on(layout, heard, tell) if mine else heard
        if mine and facts["phase"] == "ready":
            return status(layout.data)
        if process.poll() is not None:
            raise ClusterError(_last_words(layout, facts if mine else {}))
        time.sleep(0.1)
    raise ClusterError(f"not ready within {UP_PATIENCE:.0f} s; see {layout.logs}")


def _pass_on(layout: Layout, heard: int, tell: Tell, *, stopping: bool = False) -> int:
    facts = state.read(layout.state)
    if stopping and facts.get("phase") not in {"stopping", "stopped"}:
        return heard
    said = facts.get("said", [])
    for words in said[heard:]:
        tell(words)
    return max(heard, len(said))


def _last_words(layout: Layout, facts: dict[str, Any]) -> str:
    if facts.get("trouble"):
        return str(facts["trouble"])
    log = layout.logs / "supervisor.log"
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1].partition(" ")[2] if lines else f"the supervisor ended; see {log}"


def _noted(one: dict[str, Any]) -> dict[str, Any]:
    return {"pid": one["pid"], "when": one["born"]}


def _process(one: dict[str, Any], addresses: dict[str, str]) -> dict[str, Any]:
    alive = same(one["pid"], one["born"])
    address = addresses.get(one["name"])
    return {
        "name": one["name"],
        "pid": one["pid"],
        "alive": alive,
        "ready": _ready(one["name"], address) if alive else None,
        "restarts": one["restarts"],
        "address": address,
        "log": one["log"],
    }


def _ready(name: str, address: str | None) -> str | None:
    """What it says of itself, where it can be asked: "ready", else its words."""
    if address is None or not address.startswith("http"):
        return None
    answer = ask(int(address.rpartition(":")[2]), "/livez" if name == "front" else "/readyz")
    return "ready" if answer.well else answer.said
