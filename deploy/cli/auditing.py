"""The trail from the console: verified in every service, and its end signed to be given away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.say import Counted, Facts
from services.mediation.use_cases.audit import LOGS as OF_MEDIATION
from services.notification.use_cases.comparing import compare as compare_letters
from shared.runtime.embedded import Embedded
from shared.trail import CONSOLE, Chain, Deed, Said, note
from shared.trail.findings import Findings
from shared.trail.logs import AUDIT, Log
from shared.trail.signing import NotSignedError, check, head_of, lost, signed
from shared.trail.verifying import size, verify
from shared.work import Database

LOGS: Mapping[str, Sequence[Log]] = {
    "intake": (AUDIT,),
    "mediation": OF_MEDIATION,
    "notification": (AUDIT,),
    "analytics": (AUDIT,),
}
"""Where each service keeps what was done; a test holds that the services say the same."""
COMPARED: Mapping[str, Callable[[Database, Findings], Awaitable[None]]] = {
    "notification": compare_letters,
}
"""What is held against what its chain said last of it."""


@dataclass(frozen=True)
class Trails:
    """The databases of all services, with the logs in each."""

    databases: Mapping[str, Database]

    @property
    def keeper(self) -> Database:
        """Where it is noted that the trail was looked at."""
        return self.databases["mediation"]

    def of(self, service: str | None) -> dict[str, tuple[Database, Sequence[Log]]]:
        """All services, or the one that was asked for."""
        names = [service] if service else list(LOGS)
        return {name: (self.databases[name], LOGS[name]) for name in names}


def trails_of(platform: Embedded) -> Trails:
    """Those of the platform in this process."""
    return Trails({name: one.database for name, one in platform.running.items()})


async def verified(trails: Trails, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """Follow everything, and compare it with what was signed once, where that is given.

    Raises CannotError where what is given is not as we signed it.
    """
    places = trails.of(asked.get("service"))
    document = asked.get("against")
    then = signed_then(trails, document) if document is not None else {}
    of = sum([await size(*place) for place in places.values()])
    done = 0
    found: Facts = {}

    def went(rows: int) -> None:
        nonlocal done
        done += rows
        progress(min(done, of), of)

    for name, (database, logs) in places.items():
        findings = await verify(database, logs, went)
        if name in COMPARED:
            await COMPARED[name](database, findings)
        if name in then:
            findings.breaks += await lost(database, logs, then[name])
        found[name] = asdict(findings)
    intact = not any(one["breaks"] for one in found.values())
    values = {"intact": intact, "services": sorted(found), "against": bool(then)}
    await noted(trails, Said(Deed.AUDIT_VERIFIED, values))
    return {"intact": intact, "services": found}


def signed_then(trails: Trails, document: Any) -> Facts:
    """What each service had when it was signed. Raises CannotError."""
    try:
        return check(trails.keeper.vault, document)
    except NotSignedError as error:
        raise CannotError(str(error)) from error


async def head(trails: Trails, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """The end of every service's trail, signed."""
    places = trails.of(None)
    heads = {name: await head_of(*place) for name, place in places.items()}
    keeper = trails.keeper
    made = signed(keeper.vault, heads, keeper.clock())
    await noted(trails, Said(Deed.AUDIT_SIGNED, {"key_id": made["key_id"]}))
    return made


async def noted(trails: Trails, said: Said) -> None:
    """That somebody at the console looked at the trail is in the trail."""
    async with trails.keeper.work() as work:
        await note(work, Chain("audit", "trail"), CONSOLE, said)


OPERATIONS = {"audit-verify": verified, "audit-head": head}
