"""The supervisor's process: python -m deploy.cluster DATA PORT NODES."""

import sys
from datetime import UTC
from pathlib import Path

from deploy.cluster.layout import Layout
from deploy.cluster.supervisor import Supervisor, alone
from deploy.processes import ClusterError
from shared.clock import system_clock


def main() -> int:
    data, port, nodes = sys.argv[1:]
    layout = Layout(Path(data))

    def tell(words: str) -> None:
        moment = system_clock().astimezone(UTC).isoformat(timespec="milliseconds")
        sys.stdout.write(f"{moment} {words}\n")
        sys.stdout.flush()

    try:
        with alone(layout):
            return Supervisor(layout, int(port), int(nodes), tell).run()
    except ClusterError as error:
        tell(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
