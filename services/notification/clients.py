"""Mediation and intake, over the wire or in the same process."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.notification.domain.facts import COMPLAINT, Claim, Enclosure, Respondent
from services.notification.ports import CaseFacts, Forwarding, Words
from shared.masks import Secrets
from shared.masks.complaints import MATTER, secrets_in
from shared.net import Client
from shared.terms import Claim as ClaimKind
from shared.terms import label_of
from shared.text import clean, clean_words

Fields = Mapping[str, Any]
TOLD = frozenset(MATTER) - {"order_no"}
"""Running words of a letter; an order number (订单号) is whole, as the matter is found by it."""


class MediationClient:
    """Asks mediation's internal interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def of(self, forwardings: Sequence[Forwarding]) -> Mapping[Forwarding, CaseFacts]:
        """The facts of these forwardings, as far as known. Raises Unanswered."""
        items = [{"case_id": str(one.case_id), "serial": one.serial} for one in forwardings]
        answer = await self._client.post("/internal/letter-facts", json={"items": items})
        answer.raise_for_status()
        found = answer.json()["items"]
        return {Forwarding(UUID(one["case_id"]), one["serial"]): case_of(one) for one in found}


class IntakeClient:
    """Asks intake's internal interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Words]:
        """The words of these complaints, as far as known. Raises Unanswered."""
        answer = await self._client.post("/internal/words", json={"ids": [str(one) for one in ids]})
        answer.raise_for_status()
        return {UUID(one["id"]): words_of(one) for one in answer.json()["items"]}


def case_of(item: Fields) -> CaseFacts:
    """Mediation's answer about one forwarding."""
    respondent, mediator = item.get("respondent") or {}, item.get("mediator") or {}
    return CaseFacts(
        number=item["number"],
        respondent=Respondent(
            name=one_line(respondent, "name"),
            address=one_line(respondent, "address"),
            email=one_line(respondent, "email"),
            phone=one_line(respondent, "phone"),
        ),
        contact=one_line(mediator, "display"),
        contact_phone=one_line(mediator, "phone"),
    )


def words_of(item: Fields) -> Words:
    """Intake's answer about one complaint."""
    complainant = item.get("complainant") or {}
    secrets = secrets_in({**(item.get("words") or {}), "complainant": complainant})
    item = without_numbers(item, secrets)
    words = item.get("words") or {}
    consents = item.get("consents") or words.get("consents") or {}
    return Words(
        kind=item.get("kind") or COMPLAINT,
        complainant=one_line(complainant, "name"),
        names=secrets.names,
        streets=secrets.streets,
        may_be_named=bool(consents.get("forwarding")),
        subject=one_line(words, "subject"),
        text=clean_words(words.get("text") or ""),
        happened_on=words.get("happened_on") or item.get("happened_on") or "",
        place=one_line(words, "place"),
        goods=one_line(words, "goods_or_service"),
        order_no=one_line(words, "order_no"),
        amount_fen=first_known(words.get("amount_fen"), item.get("amount_fen")),
        claims=tuple(claim_of(one) for one in words.get("claims") or item.get("claims") or ()),
        evidence=described(item),
        files=tuple(enclosure_of(one) for one in item.get("files") or () if is_served(one)),
    )


def without_numbers(item: Fields, secrets: Secrets) -> Fields:
    """The same, its running words without the numbers of those who speak, which no letter tells."""
    words = item.get("words") or {}
    shown = {
        name: secrets.without_numbers(value) if name in TOLD and isinstance(value, str) else value
        for name, value in words.items()
    }
    if isinstance(named := words.get("evidence"), list):
        shown["evidence"] = [secrets.without_numbers(str(one)) for one in named]
    files = [
        {**one, "name": secrets.without_numbers(one.get("name") or "")}
        for one in item.get("files") or ()
    ]
    return {**item, "words": shown, "files": files}


def described(item: Fields) -> tuple[str, ...]:
    """What the complainant named as evidence, each once; what is there as a file says so itself."""
    words = item.get("words") or {}
    there = {enclosure_of(one).name for one in item.get("files") or ()}
    named = map(clean, map(str, words.get("evidence") or ()))
    return tuple(dict.fromkeys(one for one in named if one and one not in there))


def is_served(item: Fields) -> bool:
    """Whether intake hands this file out: what the scanner found infected it does not."""
    return item.get("scan") != "infected"


def enclosure_of(item: Fields) -> Enclosure:
    """One file that the complainant handed in."""
    return Enclosure(UUID(item["id"]), one_line(item, "name") or "文件")


def claim_of(item: Fields) -> Claim:
    """One request, named as the law names it."""
    return Claim(label_of(ClaimKind, item.get("kind")), item.get("amount_fen"))


def one_line(fields: Fields, name: str) -> str:
    """A field as one clean line; empty where it is not known."""
    return clean(fields.get(name) or "")


def first_known(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
