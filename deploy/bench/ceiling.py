"""The ceiling: intake's own routes behind its own edge, with an answer from memory.

python -m deploy.bench.ceiling PORT
"""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette

from deploy.cli.memory import look_seldom
from services.intake import main as intake
from services.intake.use_cases.receipts import Receipt
from shared.clock import system_clock
from shared.database import open_engine
from shared.ids import uuid7
from shared.log import configure
from shared.net import Client, in_process
from shared.runtime.service import Around
from shared.settings import CommonSettings
from shared.vault import new_vault
from shared.web import edge
from shared.web.options import options_of_settings
from shared.web.sessions import NobodyLoggedIn
from shared.work import Database

NUMBER, CODE = "260101-000000000", "000000000000"


class Memory(Database):
    """A database that keeps nothing: it answers as if it had."""

    async def together(self, use_case: Any, item: Any) -> Any:
        kind = str(item.complaint.kind)
        return Receipt(uuid7(), NUMBER, CODE, self.clock(), kind)


def app() -> FastAPI:
    """The same routes, model, limits and outer layer as intake; no database, no background work."""
    common = CommonSettings()
    configure(common.log_level)
    vault = new_vault()
    service = intake.build(Around(common, vault, system_clock, nobody, embedded=False))
    database = Memory(open_engine("sqlite+aiosqlite:///never-opened.db"), system_clock, vault)
    options = options_of_settings(common, sessions=NobodyLoggedIn(), checks={})
    return edge("intake", service.routers, database, options=options)


def nobody(name: str) -> Client:
    """A sister that knows nothing: none runs beside the ceiling."""
    return in_process(Starlette())


if __name__ == "__main__":
    made = app()
    look_seldom()
    uvicorn.run(
        made,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
    )
