"""Prepare what the environment names: python -m deploy.prepare."""

import asyncio
import sys

from pydantic import Field
from pydantic_settings import BaseSettings

from deploy.cli.first import say_accounts
from deploy.cli.letters import sender_lacks
from deploy.cli.say import say
from deploy.prepare import prepare
from deploy.processes import ClusterError
from shared.outgoing import AddressRefusedError
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.vault import KeyMissingError


class Addresses(BaseSettings):
    """Where the databases are. The administrator's address is needed only here."""

    postgres_admin_url: str = Field(default="", description="The administrator's address.")
    intake_database_url: str
    mediation_database_url: str
    notification_database_url: str
    analytics_database_url: str

    def services(self) -> dict[str, str]:
        kept = self.model_dump()
        return {name: kept[f"{name}_database_url"] for name in SERVICES}


def main() -> int:
    addresses = Addresses()
    try:
        made = asyncio.run(
            prepare(addresses.postgres_admin_url, addresses.services(), CommonSettings())
        )
    except (AddressRefusedError, ClusterError, KeyMissingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if made:
        say_accounts(made)
    if lacks := sender_lacks(CommonSettings()):
        say(lacks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
