"""Everything that there is of one case of a person, before it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.mediation.domain.keeping.retention import Schedule
from services.mediation.ports import Letter, Origin, Record
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.privacy.copy.person import Mine
from shared.bodies import Body


@dataclass(frozen=True)
class Here:
    """What mediation itself knows of a case."""

    case: CaseRow
    body: Body | None
    steps: Sequence[CaseLogRow]
    schedule: Schedule
    held: bool
    """Whether its erasure is stopped (暂停删除)."""


@dataclass(frozen=True)
class File:
    """A file of the person, and where it is."""

    name: str = field(repr=False)
    size: int
    place: str = field(default="", repr=False)
    """In the archive; empty where it was left out."""
    left_out: str = ""
    """Why: apart (too large), infected, or gone (no longer kept)."""


@dataclass(frozen=True)
class Whole:
    """Everything that there is of one case."""

    here: Here
    record: Record = field(repr=False)
    mine: Mine = field(repr=False)
    origin: Origin
    files: Sequence[File] = ()
    letters: Sequence[tuple[Letter, str]] = field(default=(), repr=False)
    """Each with its place in the archive; empty: left out."""
