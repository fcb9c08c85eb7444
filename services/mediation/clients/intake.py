"""Intake, over the wire or in the same process."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.mediation.ports import (
    FACTS,
    Amendment,
    EntryRefusedError,
    Notice,
    Origin,
    PersonAsked,
    Record,
    Registered,
)
from shared.net import Client
from shared.trail import Doer

NOT_FOUND, CONFLICT, TOO_LARGE, UNPROCESSABLE = 404, 409, 413, 422
REFUSALS = frozenset({400, CONFLICT, TOO_LARGE, UNPROCESSABLE})
LONG = 120.0
"""Seconds for what opens every report of a body, some 20,000 in a second, or erases many cases."""


class IntakeClient:
    """Asks intake's internal interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        """The records of these complaints. Raises Unanswered."""
        answer = await self._client.post("/internal/words", json={"ids": [str(one) for one in ids]})
        answer.raise_for_status()
        records = map(record_of, answer.json()["items"])
        return {one.id: one for one in records}

    async def amend(self, amendments: Sequence[Amendment]) -> None:
        """Correct records. Raises Unanswered."""
        items = [
            {
                "id": str(one.id),
                "complaint_id": str(one.complaint_id),
                "changes": dict(one.changes),
            }
            for one in amendments
        ]
        answer = await self._client.post("/internal/amendments", json={"items": items})
        answer.raise_for_status()

    async def unclear(self, complaint_id: UUID, changes: Mapping[str, Any]) -> Sequence[str]:
        """Which of these corrections it would leave out: JSON pointers. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id), "changes": dict(changes)}
        answer = await self._client.post("/internal/amendments/check", json=asked)
        answer.raise_for_status()
        return [str(one) for one in answer.json()["unclear"]]

    async def erase(self, wanted: Mapping[UUID, str]) -> None:
        """Erase the words of these complaints; harmless when repeated. Raises Unanswered."""
        items = [{"complaint_id": str(one), "why": why} for one, why in wanted.items()]
        answer = await self._client.post("/internal/erasures", json={"items": items}, timeout=LONG)
        answer.raise_for_status()

    async def reported_by(self, asked: PersonAsked) -> Sequence[Mapping[str, Any]]:
        """The reports of a person. Raises Unanswered."""
        answer = await self._client.post("/internal/reporters", json=asdict(asked), timeout=LONG)
        answer.raise_for_status()
        items = answer.json()["items"]
        return [{**one, "complaint_id": UUID(one["complaint_id"])} for one in items]

    async def origins(self, ids: Sequence[UUID]) -> Mapping[UUID, Origin]:
        """How these complaints came in. Raises Unanswered."""
        asked = {"ids": [str(one) for one in ids]}
        answer = await self._client.post("/internal/origins", json=asked)
        answer.raise_for_status()
        items = answer.json()["items"]
        return {UUID(one["id"]): Origin(one["by_staff"], one["notice"]) for one in items}

    async def file(self, complaint_id: UUID, file_id: UUID) -> bytes | None:
        """The content of one file; None: kept no longer. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id), "file_id": str(file_id)}
        answer = await self._client.post("/internal/file", json=asked)
        if answer.status_code == NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.content

    async def renew_code(self, complaint_id: UUID, doer: Doer) -> str:
        """A new query code, which `doer` gives out; older ones are worthless. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id), "staff": doer.as_facts()}
        answer = await self._client.post("/internal/query-code", json=asked)
        answer.raise_for_status()
        return str(answer.json()["query_code"])

    async def notice(self, body: str, language: str) -> Notice | None:
        """The privacy notice in force at a body; none: there is none. Raises Unanswered."""
        headers = {"Accept-Language": language}
        answer = await self._client.get("/internal/notice", params={"body": body}, headers=headers)
        answer.raise_for_status()
        said = answer.json()
        return Notice(**said) if said else None

    async def wrong_with(
        self, complaint: Mapping[str, Any], language: str
    ) -> Sequence[tuple[str, str]]:
        """What would be refused of it: JSON pointers and sentences. Raises Unanswered."""
        answer = await self._client.post(
            "/internal/complaints?dry_run=true",
            json=dict(complaint),
            headers={"Accept-Language": language},
        )
        if answer.status_code in REFUSALS:
            return errors_of(answer.json())
        answer.raise_for_status()
        return []

    async def register(self, complaint: Mapping[str, Any], language: str, key: str) -> Registered:
        """Enter a complaint for somebody, once per `key`. Raises EntryRefusedError, Unanswered."""
        headers = {"Accept-Language": language, "Idempotency-Key": key}
        answer = await self._client.post(
            "/internal/complaints", json=dict(complaint), headers=headers
        )
        if answer.status_code in REFUSALS:
            raise EntryRefusedError(errors_of(answer.json()))
        answer.raise_for_status()
        said = answer.json()
        return Registered(said["number"], said["query_code"])


def record_of(item: Mapping[str, Any]) -> Record:
    return Record(
        id=UUID(item["id"]),
        complainant=item.get("complainant") or {},
        respondent=item.get("respondent") or {},
        words=item.get("words") or {},
        files=item.get("files") or (),
        facts={name: item.get(name) for name in FACTS},
    )


def errors_of(problem: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pointers and sentences of a problem document (RFC 9457)."""
    listed = [(one.get("pointer") or "", one["detail"]) for one in problem.get("errors") or ()]
    return listed or [("", problem.get("detail") or problem.get("title") or "")]
