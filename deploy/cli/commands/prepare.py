"""Commands that prepare the distributed mode: databases and topics."""

import asyncio
from typing import Annotated

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, one_of, settings
from shared.sisters import SERVICES


def register(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(topics)


def migrate(
    service: Annotated[
        str | None, typer.Argument(help="Only this service.", show_default=False)
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring databases to the newest schema; harmless when repeated.

    With {SERVICE}_DATABASE_URL set: that database; else the files of the data folder.

    **Example:** redress migrate mediation
    """
    names = SERVICES if service is None else (one_of(service, SERVICES, "service"),)
    from deploy.cli.migrating import migrate_all

    done = asyncio.run(migrate_all(settings(data), names))
    if json:
        say.facts_as_json(done)
        return
    for name, schema in done.items():
        was = schema["was"] or "nothing"
        say.say(f"{name}: {schema['at']}" + ("" if was == schema["at"] else f" (was {was})"))


def topics(json: Json = False) -> None:
    """Create the Kafka topics that are missing; they are kept for ever.

    **Example:** REDRESS_KAFKA_SERVERS=127.0.0.1:9092 redress topics
    """
    from shared.outgoing import AddressRefusedError
    from shared.runtime.kafka.topics import AWAY, create_topics

    common = settings()
    try:
        made = asyncio.run(create_topics(common))
    except AddressRefusedError as error:
        say.fail(str(error))
    except AWAY as error:
        say.fail(f"No answer from Kafka at {common.kafka_servers}: {type(error).__name__}.")
    if json:
        say.facts_as_json({"created": made})
    else:
        say.say(f"created: {', '.join(made)}" if made else "All topics are there.")
