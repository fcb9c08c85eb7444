"""One case: its page, and the forms of its steps."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from services.mediation.domain.case import State, Step
from services.mediation.domain.corrections import AMOUNT, NothingToCorrectError
from services.mediation.pages.looks import looked_at, remember_look, seen
from services.mediation.pages.words import HOME, text_in, words_for
from services.mediation.ports import FACTS, Intake, Record
from services.mediation.tables import CaseRow
from services.mediation.use_cases import staff
from services.mediation.use_cases.acting import Request as Wish
from services.mediation.use_cases.acting import case_of
from services.mediation.use_cases.allowing import Caller, caller_of
from services.mediation.use_cases.correcting import by_pointer
from services.mediation.use_cases.explaining import clocks_of
from services.mediation.use_cases.forms import FIELDS, StepForm, version_in
from services.mediation.use_cases.labels import FIELDS as FIELD_WORDS
from services.mediation.use_cases.looking import Look, Reason, look
from services.mediation.use_cases.masking import NOTHING, Part, masked_record, names_in
from services.mediation.use_cases.taking import Wanted, take
from services.mediation.use_cases.viewing import (
    corrected,
    hindered_steps,
    pack_of,
    possible_steps,
    timeline,
)
from services.mediation.use_cases.words import copy_in, waiting_changes
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError, UnknownError
from shared.net import Unanswered
from shared.record.money import fen_of
from shared.rights import Action
from shared.terms import CATEGORIES, Claim, Nature, category_label, label_of
from shared.units import Tree
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of


@dataclass(frozen=True)
class CasePages:
    """The pages of one case."""

    intake: Intake
    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        reading, opening = [web.staff(Action.CASE_READ)], [web.staff(Action.MASK_OPEN)]
        one = HOME + "/{number}"
        made.add_api_route(one, self.case, methods=["GET"], dependencies=reading)
        step = one + "/steps/{step}"
        made.add_api_route(step, self.post_step, methods=["POST"], dependencies=reading)
        look = one + "/look"
        made.add_api_route(look, self.post_look, methods=["POST"], dependencies=opening)
        return made

    async def case(
        self, number: str, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """One case: the record, the clocks, what happened, and what may be done now."""
        caller = await caller_of(database, who)
        case = await case_of(session, number, caller.sees)
        return await self.show_case(request, case, caller, (database, session))

    async def show_case(
        self,
        request: Request,
        case: CaseRow,
        caller: Caller,
        reading: tuple[Any, Any],
        *,
        status: int = 200,
        **context: Any,
    ) -> Response:
        database, session = reading
        web.log_ids(request, complaint_id=case.complaint_id)
        whole, fetched = await self.record_of(case, session, database)
        may_look = caller.rights.reach(Action.MASK_OPEN).admits(caller.sees.place(case))
        opened = looked_at(request, case) if may_look else NOTHING
        record = masked_record(whole, opened)
        happened = await timeline(session, database.vault, case.id)
        people = await staff.colleagues(session, case.body)
        pack = pack_of(case)
        context = {
            "case": case,
            "record": record,
            "fetched": fetched,
            "clocks": clocks_of(pack, State(case.state), case.clocks),
            "happened": [seen(one, opened, names_in(whole)) for one in happened],
            "opened": opened,
            "parts": Part.choices(language_of(request)),
            "reasons": Reason.choices(language_of(request)),
            "may_look": may_look,
            "possible": possible_steps(case, caller),
            "hindered": hindered_steps(case, caller),
            "pack": pack,
            "fields": FIELDS,
            "colleagues": people,
            "assignee": next((one.display for one in people if one.id == case.assignee), None),
            "units": units_of(caller.tree, case.body),
            "unit": caller.tree.by_id.get(case.unit) if case.unit else None,
            "today": local_day(database.clock()),
            "body": self.bodies.of(case.body),
            "at_step": None,
            "look_wrong": {},
            "looking": None,
            "written": [],
            "correctable": correctable(case, record),
            "natures": Nature.choices(language_of(request)),
            "categories": [(one, category_label(one, language_of(request))) for one in CATEGORIES],
            "claim_label": lambda code: label_of(Claim, code, language_of(request)),
            "demo": case.demo,
            **words_for(request),
            **context,
        }
        return web.page(request, "mediation/case.html", status, **context)

    async def record_of(self, case: CaseRow, session: Any, database: Any) -> tuple[Record, bool]:
        """The record from intake, corrections on it; our own copy while intake is away."""
        try:
            record = (await self.intake.words([case.complaint_id])).get(case.complaint_id)
        except Unanswered:
            record = None
        changes = await waiting_changes(session, database.vault, case.id)
        if record is None:
            copy = await copy_in(session, database.vault, case.id)
            own = Record(case.complaint_id, copy["complainant"], copy["respondent"], copy["matter"])
            return corrected(own, changes), False
        return corrected(record, changes), True

    async def post_step(  # noqa: PLR0913 - what a request brings
        self,
        number: str,
        step: Step,
        *,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Take a step; what is wrong stands beside its field, and what was typed is still there."""
        caller = await caller_of(database, who)
        try:
            typed = StepForm.model_validate(step_fields(form, step))
            wish = Wish(step, typed.facts(step), version_in(text_in(form, "version")))
            wanted = Wanted(
                number,
                caller,
                wish,
                lambda complaint: web.log_ids(request, complaint_id=complaint),
            )
            done = await take(database, wanted, self.intake)
            return web.see_other(f"{HOME}/{done.number}")
        except (RuleError, ValidationError) as error:
            wrong, status = by_field(step, web.wrongs(request, error)), 422
        except Unanswered:
            wrong, status = web.wrongs(request, away()), 503
        async with database.reading() as session:
            case = await case_of(session, number, caller.sees)
            context = {
                "at_step": step,
                "typed": form,
                "written": written_in(form, step),
                "wrong": wrong,
            }
            reading = (database, session)
            return await self.show_case(request, case, caller, reading, status=status, **context)

    async def post_look(
        self, number: str, *, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Look behind the mask: noted first, then shown on this case's page for ten minutes."""
        caller = await caller_of(database, who)
        parts = [str(one) for one in form.getlist("parts")]
        wanted = Look(parts, text_in(form, "reason") or "", text_in(form, "note") or "")
        try:
            case = await look(database, number, caller, wanted)
        except UnknownError:
            raise
        except RuleError as error:
            context = {"look_wrong": web.wrongs(request, error), "looking": wanted}
            async with database.reading() as session:
                case = await case_of(session, number, caller.sees)
                reading = (database, session)
                status = status_of(error)
                return await self.show_case(
                    request, case, caller, reading, status=status, **context
                )
        response = web.see_other(f"{HOME}/{case.number}")
        remember_look(request, response, case, who.id, wanted.parts)
        return response


def away() -> RuleError:
    """What to tell somebody whose correction could not be kept."""
    return RuleError("登记服务暂时没有应答，您写的都还在，请稍后再提交。")


def step_fields(form: Any, step: Step) -> dict[str, Any]:
    """What a step's form gives, as the API would get it. Raises RuleError."""
    if step is Step.AMEND:
        return {"changes": changes_in(form)}
    part = "respondent." if step is Step.NAME_RESPONDENT else ""
    typed = {name: text_in(form, f"{step.value}.{part}{name}") for name in FIELDS[step]}
    given: dict[str, Any] = {name: value for name, value in typed.items() if value}
    if step is Step.ASSIGN and f"{step.value}.unit" in form:
        given["unit"] = typed["unit"]
    if "recovered_fen" in given:
        given["recovered_fen"] = fen_of(given["recovered_fen"], "/recovered_fen")
    return given


def units_of(tree: Tree, body: str) -> list[tuple[str, str]]:
    """The units at work of a body, to choose from: those below others are set in."""
    at_work = [one for one in tree.of(body) if not one.ended]
    return [(str(one.id), "　" * (one.path.count("/") - 2) + one.name) for one in at_work]


def written_in(form: Any, step: Step) -> list[str]:
    """What somebody wrote for a step, to be kept where its form is not shown any more."""
    return [
        value
        for name, value in form.items()
        if name.startswith(f"{step.value}.") and isinstance(value, str) and value.strip()
    ]


def changes_in(form: Any) -> dict[str, Any]:
    """What differs from what the page showed. Raises NothingToCorrectError."""
    changes: dict[str, Any] = {}
    for pointer in FIELD_WORDS:
        name = pointer[1:].replace("/", ".")
        before, now = form.get(f"was.{name}"), form.get(f"amend.{name}")
        if isinstance(before, str) and isinstance(now, str) and lines(now) != lines(before):
            given = now.strip() or None
            changes[pointer] = fen_in(given) if pointer == AMOUNT and given else given
    if not changes:
        raise NothingToCorrectError("请至少更正一项。")
    return changes


def lines(text: str) -> str:
    """Browsers send other line breaks than they were given."""
    return text.replace("\r\n", "\n").strip()


def fen_in(yuan: str) -> int | str:
    """Yuan as people type them, in fen; what is no amount stays as it is, to be refused."""
    try:
        return fen_of(yuan, AMOUNT)
    except RuleError:
        return yuan


def correctable(case: CaseRow, record: Record) -> dict[str, str]:
    """What each field that staff may correct holds now."""
    facts = {f"/matter/{name}": getattr(case, name) for name in FACTS if name not in record.facts}
    stands = by_pointer(record) | facts
    fen = stands[AMOUNT]
    stands[AMOUNT] = None if fen is None else f"{fen // 100}.{fen % 100:02d}"
    return {name: "" if stands[name] is None else str(stands[name]) for name in FIELD_WORDS}


def by_field(step: Step, wrong: dict[str, str]) -> dict[str, str]:
    """Errors under the names the step's form uses; those of no field stand for the whole."""
    named = {"respondent." + name for name in FIELDS[Step.NAME_RESPONDENT]}
    named |= FIELDS[step] | {pointer[1:].replace("/", ".") for pointer in FIELD_WORDS}
    found: dict[str, str] = {}
    for name, sentence in wrong.items():
        plain = name.removeprefix("changes.").strip(".")
        found.setdefault(f"{step.value}.{plain}" if plain in named else "", sentence)
    return found
