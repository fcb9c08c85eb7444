"""python -m deploy.crash [--mode both|embedded|distributed] [--kills N] [--seed S] [--keep]."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy.crash.distributed import DistributedScene
from deploy.crash.embedded import EmbeddedScene
from deploy.crash.scene import Scene
from deploy.crash.table import table
from deploy.crash.trial import Outcome, Wanted, trial
from deploy.processes import ClusterError

MODES: dict[str, Callable[[Path], Scene]] = {
    "embedded": EmbeddedScene,
    "distributed": DistributedScene,
}
LONGEST = {"embedded": 5.0, "distributed": 4.0}


def main() -> int:
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    modes = list(MODES) if given.mode == "both" else [given.mode]
    folder = Path(tempfile.mkdtemp(prefix="redress-crash-"))
    folder.chmod(0o711)
    say(f"seed {given.seed}; everything lies in {folder}")
    try:
        outcomes = [run(mode, folder / mode, given, len(modes)) for mode in modes]
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(table(outcomes))
    wrong = [f"{one.mode}: {words}" for one in outcomes for words in one.wrongs]
    sys.stderr.writelines(f"{words}\n" for words in wrong)
    if not (wrong or given.keep):
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


def run(mode: str, folder: Path, given: argparse.Namespace, modes: int) -> Outcome:
    folder.mkdir(parents=True)
    folder.chmod(0o711)
    wanted = Wanted(
        seed=given.seed,
        kills=-(-given.kills // modes),
        longest=LONGEST[mode],
        absence=given.absence,
        rate=given.rate,
    )
    outcome = asyncio.run(trial(MODES[mode](folder), wanted, say))
    say(f"{mode}: {outcome.killer.killed.total()} kills, {len(outcome.wrongs)} wrong")
    return outcome


def say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.crash", description=__doc__)
    parser.add_argument("--mode", choices=["both", *MODES], default="both")
    parser.add_argument("--kills", type=int, default=56, help="over all modes")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--rate", type=float, default=10.0, help="complaints per second")
    parser.add_argument("--absence", type=float, default=60.0, help="seconds of an outage")
    parser.add_argument("--keep", action="store_true", help="keep databases and logs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
