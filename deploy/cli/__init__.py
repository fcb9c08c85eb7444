"""The command `redress`: what it says, and with which code it ends."""

from deploy.cli.app import main

__all__ = ["main"]
