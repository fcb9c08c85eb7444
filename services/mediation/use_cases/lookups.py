"""The blind indexes: cases found by a phone, an ID number or a full name, never by a part of one.

Each value is kept as a keyed hash of 16 bytes (`Vault.blind`), made from the sealed copy of the
words, so that it is made anew with the copy, and with each generation of keys.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseLookupRow, CaseRow
from services.mediation.use_cases.speaking import MINE, OTHERS, numbers_of
from shared.terms import Kind
from shared.text import code, normal_name, phone_key
from shared.vault import Vault

PHONE, ID_NUMBER, NAME = "phone", "id_number", "name"
FORMS: Mapping[str, Callable[[str], str]] = {
    PHONE: phone_key,
    ID_NUMBER: code,
    NAME: normal_name,
}
"""What is indexed of somebody, each in the form in which it is compared."""
SHORTEST_NUMBER = 5
"""Characters: nothing shorter is looked for as a phone or an ID number."""


def lookups_of(
    vault: Vault, copy: Mapping[str, Mapping[str, Any]], *, report: bool = False
) -> set[tuple[str, bytes]]:
    """The blind index entries of a copy: kind and hash.

    Both parties' phones and full names, and the phones and ID numbers of everybody who speaks. Of
    a report (举报) the respondent's alone.
    """
    numbers = numbers_of(copy)
    speak = [copy.get("complainant", {}), numbers.get(MINE, {}), *numbers.get(OTHERS, ())]
    known = [copy.get("respondent", {}), *([] if report else speak)]
    found = {
        (kind, form(one[kind])) for one in known for kind, form in FORMS.items() if one.get(kind)
    }
    return {(kind, vault.blind(kind, value)) for kind, value in found if value}


def known_by(vault: Vault, typed: str) -> Select[UUID]:
    """The cases that a blind index finds by what was typed, whatever it can be."""
    kinds = [NAME, *([PHONE] if is_phone(typed) else []), *([ID_NUMBER] if is_id(typed) else [])]
    return known_as(vault, dict.fromkeys(kinds, typed))


def known_as(vault: Vault, known: Mapping[str, str]) -> Select[UUID]:
    """The cases in which one of these values stands, by their kinds."""
    entries = [
        (CaseLookupRow.kind == kind) & CaseLookupRow.token.in_(vault.blinds(kind, value))
        for kind, typed in known.items()
        if (value := FORMS[kind](typed))
    ]
    return select(CaseLookupRow.case_id).where(or_(false(), *entries))


def is_phone(typed: str) -> bool:
    """Whether it can be a telephone number."""
    phone = phone_key(typed)
    return len(phone) >= SHORTEST_NUMBER and phone.lstrip("+").isdigit()


def is_id(typed: str) -> bool:
    """Whether it can be the number of an ID card or of another document (证件号码)."""
    number = code(typed)
    return len(number) >= SHORTEST_NUMBER and any(one.isdigit() for one in number)


async def reports_among(session: AsyncSession, cases: Collection[UUID]) -> set[UUID]:
    """Those of these cases in which something was reported (举报): who did is found by nothing."""
    reported = CaseRow.kind == Kind.REPORT.value
    return set(await session.scalars(select(CaseRow.id).where(CaseRow.id.in_(cases), reported)))
