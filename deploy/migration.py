"""Begins a new migration of one service: python -m deploy.migration SERVICE "what it does"."""

import sys

from alembic import command

from shared.runtime.migrate import config_of, newest
from shared.sisters import SERVICES

USAGE = 2


def main(arguments: list[str]) -> int:
    """Write an empty migration with the next number; answers the exit code."""
    if len(arguments) != USAGE or arguments[0] not in SERVICES or not arguments[1].strip():
        sys.stderr.write(
            f'usage: make migration SERVICE={"|".join(SERVICES)} NAME="what it does"\n'
        )
        return USAGE
    service, name = arguments
    number = f"{int(newest(service) or 0) + 1:04d}"
    command.revision(config_of(service), name, rev_id=number)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
