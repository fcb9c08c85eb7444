"""Calls of the console to services in other processes, and nothing that is slow to load."""

from deploy.cli.urls import PATIENCE
from shared.clock import system_clock
from shared.net import Client, over_the_wire
from shared.runtime.keys import vault_of
from shared.settings import CommonSettings, url_setting
from shared.tokens import CONSOLE, minting


def client(common: CommonSettings, name: str, timeout: float = PATIENCE) -> Client:
    """A client of a service's own address that asks for ours; `timeout` in seconds."""
    token = minting(vault_of(common), CONSOLE, name, system_clock)
    made = over_the_wire(common.url_of(name), token, setting=url_setting(name), timeout=timeout)
    made.headers["Host"] = min(common.accepted_hosts)
    return made
