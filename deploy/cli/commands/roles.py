"""Commands about roles, and who holds them."""

from typing import Annotated

import typer

from deploy.cli import say
from deploy.cli.commands.asking import Body, Name, Unit, run, told
from deploy.cli.commands.options import Data, Json

Role = Annotated[str, typer.Argument(help="mediator, leader, statistician, administrator, ...")]


def add_to_staff(group: typer.Typer) -> None:
    """The commands of `redress staff` that are about roles and lists."""
    group.command()(grant)
    group.command()(revoke)
    group.command("list")(list_staff)


def grant(
    name: Name,
    role: Role,
    body: Body = "",
    unit: Unit = "",
    from_: Annotated[str, typer.Option("--from", help="First day; default: today.")] = "",
    to: Annotated[str, typer.Option(help="Last day; default: until it is taken away.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Give somebody a role in a body or in one of its units.

    **Example:** redress staff grant lin leader --unit sn --to 2026-12-31
    """
    asked = {"name": name, "role": role, "body": body, "unit": unit, "from": from_, "to": to}
    told(run("staff-grant", asked, data), f"{name} holds {role}.", as_json=json)


def revoke(
    name: Name,
    role: Role,
    body: Body = "",
    unit: Unit = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Take a role away, from now on.

    **Example:** redress staff revoke lin leader --unit sn
    """
    asked = {"name": name, "role": role, "body": body, "unit": unit}
    told(run("staff-revoke", asked, data), f"{name} does not hold {role} any more.", as_json=json)


def list_staff(
    ended: Annotated[bool, typer.Option("--ended", help="Those whose account is over.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Who works here, with the roles they hold today.

    **Example:** redress staff list
    """
    done = run("staff-list", {"ended": ended}, data)
    if json:
        say.facts_as_json(done)
        return
    rows = [
        (one["name"], one["display"], one["body"] or "all", one["unit"], ", ".join(one["roles"]))
        for one in done["items"]
    ]
    say.show_table(("account", "name", "body", "unit", "roles"), rows)
