"""Notification as intake sees it, in memory: takes messages, and has letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.intake.domain.second_code import Ways
from services.intake.ports import Letter, Mail, TextMessage
from shared.net import Unanswered

LETTER = Letter(UUID(int=77), "forwarding", "消转〔2026〕1号", date(2026, 6, 3), None)
PDF = b"%PDF-1.7 of a letter"


@dataclass
class OfficeInMemory:
    """Takes messages as told: takes them, has nobody who could carry them, or is away."""

    can: Ways = field(default_factory=lambda: Ways(email=True))
    away: bool = False
    mails: list[Mail] = field(default_factory=list)
    texts: list[TextMessage] = field(default_factory=list)
    of: dict[UUID, list[Letter]] = field(default_factory=dict)
    """The letters of each complaint."""

    async def send(self, mail: Mail) -> bool:
        self._here()
        if self.can.email:
            self.mails.append(mail)
        return self.can.email

    async def text(self, message: TextMessage) -> bool:
        self._here()
        if self.can.sms:
            self.texts.append(message)
        return self.can.sms

    async def ways(self, body: str) -> Ways:
        self._here()
        return self.can

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        self._here()
        return self.of.get(complaint_id, [])

    async def letter(self, complaint_id: UUID, letter_id: UUID) -> bytes | None:
        self._here()
        known = [one.id for one in self.of.get(complaint_id, [])]
        return PDF if letter_id in known else None

    def _here(self) -> None:
        if self.away:
            raise Unanswered("away")
