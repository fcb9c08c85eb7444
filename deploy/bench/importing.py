"""(d) Rows per second of `redress import`."""

import secrets
from dataclasses import dataclass

from deploy.bench.complaints import write_ledger
from deploy.bench.run import Cost, Run, costing
from deploy.bench.stage import Stage

ROWS = 20_000


@dataclass(frozen=True)
class Imported:
    """What the command says of itself; seconds from opening the file to the last answer."""

    rows: int
    created: int
    seconds: float
    cost: Cost

    @property
    def rate(self) -> float:
        return self.created / self.seconds if self.seconds else 0.0


def importing(run: Run, stage: Stage) -> Imported:
    """A ledger in CSV, every row new, every row kept."""
    file = run.plan.folder / "ledger.csv"
    write_ledger(file, ROWS, secrets.token_hex(6))
    told = run.told(f"import of {ROWS:,} rows")
    with costing(stage.pids) as cost:
        facts = stage.facts("import", str(file), "--map", "ledger")
    told(1.0)
    return Imported(facts["read"], facts["created"], facts["seconds"], cost)
