"""`python -m deploy.cli` is the same as `redress`."""

from deploy.cli.app import main

if __name__ == "__main__":
    main()
