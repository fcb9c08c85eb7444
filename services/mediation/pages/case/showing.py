"""The page of one case: everything it shows, to the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.domain.case import State
from services.mediation.domain.corrections import AMOUNT
from services.mediation.pages.case.leading import leads
from services.mediation.pages.looks import looked_at, seen
from services.mediation.pages.words import words_for
from services.mediation.ports import FACTS, Intake, Record
from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.assigning import BODY, Offered, offered_to
from services.mediation.use_cases.correcting import by_pointer
from services.mediation.use_cases.explaining import clocks_of
from services.mediation.use_cases.labels import FIELDS as FIELD_WORDS
from services.mediation.use_cases.masking import NOTHING, Part, masked_record, secrets_in
from services.mediation.use_cases.privacy.standing import Keeping, keeping_of
from services.mediation.use_cases.staff import displays
from services.mediation.use_cases.timeline import timeline
from services.mediation.use_cases.viewing import corrected, hindered_steps, pack_of, possible_steps
from services.mediation.use_cases.words import copy_in, record_of, waiting_changes
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import N_, Language, filled, translated
from shared.masks.reasons import Reason
from shared.net import Unanswered
from shared.rights import Action
from shared.terms import CATEGORIES, Claim, Nature, category_label, label_of
from shared.web.requests import language_of


@dataclass(frozen=True)
class Showing:
    """The page of a case."""

    intake: Intake
    bodies: Bodies

    async def page(
        self,
        request: Request,
        case: CaseRow,
        caller: Caller,
        reading: tuple[Any, Any],
        *,
        status: int = 200,
        **typed: Any,
    ) -> Response:
        """The page, with what was typed into one of its forms and is wrong there."""
        database, session = reading
        today = local_day(database.clock())
        web.log_ids(request, complaint_id=case.complaint_id)
        whole, fetched = await self.record_of(case, session, database)
        may_look = caller.rights.reach(Action.MASK_OPEN).admits(caller.sees.place(case))
        opened = looked_at(request, case) if may_look else NOTHING
        record = masked_record(whole, opened)
        happened = await timeline(session, database.vault, case.id)
        keeping = await keeping_of(session, case.id, today)
        context = {
            "case": case,
            "record": record,
            "fetched": fetched,
            "correctable": correctable(case, record),
            "happened": [seen(one, opened, secrets_in(whole)) for one in happened],
            "opened": opened,
            "may_look": may_look,
            "can": leads(caller, case, State(case.state)),
            "today": today,
            "body": self.bodies.of(case.body),
            "demo": case.demo,
            "keeping": keeping,
        }
        context |= lawful_now(case, caller, keeping)
        found = await offered_to(session, case, caller, today)
        context |= given_to(found, language_of(request)) | await whose(session, case, caller)
        words = words_here(request) | words_for(request)
        shown = {**NOTHING_TYPED, **words, **context, **typed}
        return web.page(request, "mediation/case.html", status, **shown)

    async def record_of(self, case: CaseRow, session: Any, database: Any) -> tuple[Record, bool]:
        """The record from intake, corrections on it; our own copy while intake is away."""
        try:
            record = (await self.intake.words([case.complaint_id])).get(case.complaint_id)
        except Unanswered:
            record = None
        changes = await waiting_changes(session, database.vault, case.id)
        if record is None:
            copy = await copy_in(session, database.vault, case.id)
            own = record_of(case.complaint_id, copy)
            return corrected(own, changes), False
        return corrected(record, changes), True


NOTHING_TYPED: Mapping[str, Any] = {
    "at_step": None,
    "look_wrong": {},
    "looking": None,
    "written": [],
}
"""What the page knows of its forms while nobody sent one."""


def lawful_now(case: CaseRow, caller: Caller, keeping: Keeping) -> dict[str, Any]:
    """The rules of the case: what runs, what may be done, and what is missing for it."""
    pack = pack_of(case)
    return {
        "pack": pack,
        "clocks": clocks_of(pack, State(case.state), case.clocks),
        "possible": possible_steps(case, caller, keeping),
        "hindered": hindered_steps(case, caller),
    }


async def whose(session: AsyncSession, case: CaseRow, caller: Caller) -> dict[str, Any]:
    """In whose hands the case is, and in which unit."""
    names = await displays(session, {case.assignee} if case.assignee else set())
    return {
        "assignee": names.get(case.assignee) if case.assignee else None,
        "unit": caller.tree.by_id.get(case.unit) if case.unit else None,
    }


def given_to(found: Offered, language: Language) -> dict[str, Any]:
    """What the form of giving it on offers: units below others are set in, people in two groups."""
    near = [(str(one.id), one.display) for one in found.here]
    far = [
        (str(one.id), with_places(one.display, places, language)) for one, places in found.elsewhere
    ]
    groups = [(N_("可以办理现在这个部门的案件"), near), (N_("要同时改选部门"), far)]
    return {
        "units": [
            (str(one.id), "　" * (one.path.count("/") - 2) + one.name)
            if one
            else ("", translated(BODY, language))
            for one in found.units
        ],
        "people": [(translated(words, language), people) for words, people in groups if people],
        "able": {code for code, _ in near},
    }


def with_places(who: str, places: Sequence[str], language: Language) -> str:
    """A person, and where they work on cases."""
    named = " / ".join(translated(one, language) for one in places)
    return filled(N_("{who}（{places}）"), {"who": who, "places": named}, language)


def words_here(request: Request) -> dict[str, Any]:
    """The words for the codes of this page."""
    language = language_of(request)
    return {
        "parts": Part.choices(language),
        "reasons": Reason.choices(language),
        "natures": Nature.choices(language),
        "categories": [(one, category_label(one, language)) for one in CATEGORIES],
        "claim_label": lambda code: label_of(Claim, code, language),
    }


def correctable(case: CaseRow, record: Record) -> dict[str, str]:
    """What each field that staff may correct holds now."""
    facts = {f"/matter/{name}": getattr(case, name) for name in FACTS if name not in record.facts}
    stands = by_pointer(record) | facts
    fen = stands[AMOUNT]
    stands[AMOUNT] = None if fen is None else f"{fen // 100}.{fen % 100:02d}"
    return {name: "" if stands[name] is None else str(stands[name]) for name in FIELD_WORDS}
