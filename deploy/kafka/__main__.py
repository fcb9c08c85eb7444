"""Fetch Apache Kafka, or run it in the foreground until Ctrl-C.

python -m deploy.kafka fetch
python -m deploy.kafka run --nodes 3 --port 9092 --data ./kafka-data
"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from deploy.kafka.brokers import ALLOWED, Brokers
from deploy.kafka.fetch import fetch
from deploy.processes import ClusterError, end, start, wait_for_ports


def main() -> int:
    given = _arguments()
    try:
        libraries = fetch()
        if given.command == "fetch":
            sys.stdout.write(f"{libraries}\n")
            return 0
        return _run(_brokers(given.nodes, given.port, given.data))
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(brokers: Brokers) -> int:
    asked = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: asked.set())
    brokers.make()
    programs = brokers.programs()
    running = [start(program) for program in programs]
    try:
        wait_for_ports("Kafka", [node.port for node in brokers.nodes], running)
        sys.stdout.write(f"Kafka answers on {brokers.servers}; Ctrl-C ends it\n")
        sys.stdout.flush()
        asked.wait()
    finally:
        for process, program in zip(running, programs, strict=True):
            end(process, program)
    return 0


def _brokers(nodes: int, port: int, data: Path) -> Brokers:
    """Client ports count up from `port`, the controllers' ports follow them."""
    pairs = [(port + number, port + nodes + number) for number in range(nodes)]
    return Brokers.on(data, pairs, data / "logs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.kafka", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch", help="fetch the jars by Maven")
    run = commands.add_parser("run", help="run 1 or 3 nodes in the foreground")
    run.add_argument("--nodes", type=int, choices=ALLOWED, default=1)
    run.add_argument("--port", type=int, default=9092)
    run.add_argument("--data", type=Path, default=Path("kafka-data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
