"""Commands about the accounts of people who work here."""

from typing import Annotated

import typer

from deploy.cli.commands import roles, spreadsheets
from deploy.cli.commands.asking import Body, Name, Unit, run, told
from deploy.cli.commands.options import Data, Json


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Accounts from the console.", no_args_is_help=True)
    group.command()(add)
    group.command()(change)
    group.command()(end)
    group.command()(reset)
    roles.add_to_staff(group)
    group.command("import")(spreadsheets.import_staff)
    app.add_typer(group, name="staff")


def add(
    name: Name,
    role: Annotated[
        str, typer.Option(help="administrator, secretary_general, mediator, registrar, leader, ...")
    ] = "mediator",
    display: Annotated[str, typer.Option(help="The name others see; default: the name.")] = "",
    body: Body = "",
    unit: Unit = "",
    phone: Annotated[str, typer.Option(help="Office phone, as letters print it.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Make an account with a one-time password, in the first body unless another is named.

    **Example:** redress staff add lin --role mediator --display 林调解员

    **Example:** redress staff add wang --role administrator --body all
    """
    asked = {"name": name, "role": role, "display": display, "body": body, "unit": unit}
    asked["phone"] = phone
    done = run("staff-add", asked, data)
    line = f"{done['name']} {done['password']}  (for 7 days; the first log-in asks for a new one)"
    told(done, line, as_json=json)


def change(
    name: Name,
    phone: Annotated[
        str, typer.Option(help="Office phone, as letters print it; an empty one takes it away.")
    ],
    data: Data = None,
    json: Json = False,
) -> None:
    """Change an account's office phone. Letters that are made from now on print it.

    A letter that waits with a blank is made anew on its page (重新制作).

    **Example:** redress staff change admin --phone 0999-12315
    """
    done = run("staff-change", {"name": name, "phone": phone}, data)
    line = f"{done['name']}: letters print {done['phone'] or 'no phone'} from now on."
    told(done, line, as_json=json)


def end(name: Name, data: Data = None, json: Json = False) -> None:
    """End an account: nobody logs in with it any more, and its sessions are over.

    **Example:** redress staff end lin
    """
    done = run("staff-end", {"name": name}, data)
    line = f"{done['name']} is ended."
    told(done, line, as_json=json)


def reset(name: Name, data: Data = None, json: Json = False) -> None:
    """Give an account a new one-time password; end second factor, sessions, tokens, stand-ins.

    The stand-ins are those it arranged. Who signs on at the provider gets no password.

    **Example:** redress staff reset admin
    """
    done = run("staff-reset", {"name": name}, data)
    line = f"{done['name']} {done['password']}  (for 7 days; the next log-in asks for a new one)"
    if done["password"] is None:
        line = f"{done['name']} signs on at the provider again; it has no password here."
    told(done, line, as_json=json)
