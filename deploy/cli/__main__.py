"""`python -m deploy.cli` is the same as `redress`."""

from deploy.cli.app import main

main()
