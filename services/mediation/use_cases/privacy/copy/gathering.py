"""Everything of one case is fetched from the sisters; files and letters go into the archive."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.mediation.ports import Letter, Letters, Origin, Privacy, Record
from services.mediation.use_cases.privacy.copy.archive import Archive
from services.mediation.use_cases.privacy.copy.person import Mine, Reporter, mine_in
from services.mediation.use_cases.privacy.copy.whole import File, Here, Whole
from shared.record.identity import Claimed

INFECTED, APART, GONE = "infected", "apart", "gone"


@dataclass(frozen=True)
class Gathering:
    """Who is asked, and where to what they give goes."""

    privacy: Privacy
    notification: Letters
    archive: Archive

    async def whole(self, here: Here, who: Claimed, reporter: Reporter | None) -> Whole:
        """One case. Files and letters only for whose words they belong to. Raises Unanswered."""
        complaint = here.case.complaint_id
        known = await self.privacy.words([complaint])
        record = known.get(complaint) or Record(complaint, {}, {}, {})
        origins = await self.privacy.origins([complaint])
        mine = mine_in(record, who, reporter)
        return Whole(
            here=here,
            record=record,
            mine=mine,
            origin=origins.get(complaint) or Origin(),
            files=await self._files(here, record, mine),
            letters=await self._letters(here, mine),
        )

    async def _files(self, here: Here, record: Record, mine: Mine) -> list[File]:
        if not mine.wrote:
            return []
        return [await self._file(here, one) for one in record.files]

    async def _file(self, here: Here, file: Any) -> File:
        name, size = str(file["name"]), int(file.get("size") or 0)
        if file.get("scan") == INFECTED:
            return File(name, size, left_out=INFECTED)
        content = await self.privacy.file(here.case.complaint_id, UUID(str(file["id"])))
        if content is None:
            return File(name, size, left_out=GONE)
        place = self.archive.place_for(here.case.number, "files", name)
        if not await self._added(place, content):
            return File(name, size, left_out=APART)
        return File(name, size, place)

    async def _letters(self, here: Here, mine: Mine) -> list[tuple[Letter, str]]:
        if not mine.wrote:
            return []
        found = await self.notification.letters(here.case.complaint_id)
        return [(one, await self._letter(here, one)) for one in found]

    async def _letter(self, here: Here, letter: Letter) -> str:
        place = self.archive.place_for(here.case.number, "letters", f"{letter.number}.pdf")
        return place if await self._added(place, letter.pdf) else ""

    async def _added(self, place: str, content: bytes) -> bool:
        """Whether it went into the archive; packing takes its time, beside other requests."""
        return await asyncio.to_thread(self.archive.add, place, content)
