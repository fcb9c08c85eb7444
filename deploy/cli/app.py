"""All commands, and how each way of failing is said."""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError

from deploy.cli import say
from deploy.cli.commands import (
    audit,
    bring,
    cluster,
    keys,
    law,
    prepare,
    privacy,
    serving,
    staff,
    units,
    watch,
)
from deploy.cli.errors import CannotError, WrongUsageError
from shared.kernel import RuleError
from shared.settings import CommonSettings
from shared.vault import KeyMissingError, WrongKeyError

app = typer.Typer(
    name="redress",
    help="Redress (和解通): consumer complaints and mediation.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
for one in (serving, cluster, prepare, bring, watch, law, units, staff, audit, keys, privacy):
    one.register(app)


def main() -> NoReturn:
    """Run one command. 0: done; 1: done but something is wrong, or not done; 2: usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without Chinese gets \uXXXX
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except RuleError as error:
        from deploy.cli.words import in_words, language_of  # noqa: PLC0415 - memory: seldom needed

        say.complain(in_words(error, language_of(CommonSettings())))
    except ValidationError as error:
        from deploy.cli.letters import unreadable  # noqa: PLC0415 - memory: seldom needed

        say.complain(unreadable(error))
    except WrongUsageError as error:
        say.complain(str(error))
        sys.exit(say.USAGE)
    except (CannotError, KeyMissingError) as error:
        say.complain(str(error))
    except WrongKeyError:
        say.complain("The key file does not belong to this data: it cannot be opened with it.")
    except KeyboardInterrupt:
        say.complain("Interrupted. What was done stays done; run the same command again.")
    except OSError as error:
        where = f": {Path(str(error.filename))}" if error.filename else ""
        say.complain(f"{error.strerror or error}{where}")
    sys.exit(say.WRONG)
