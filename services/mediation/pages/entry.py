"""Staff entry (登记): while the person is on the phone or at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.ports import EntryRefusedError, Intake, Notice
from services.mediation.use_cases.entry import entry_of
from shared import web
from shared.acting import Staff
from shared.kernel import RuleError, RuleErrors
from shared.net import Unanswered
from shared.rights import Action
from shared.terms import (
    CATEGORIES,
    Channel,
    Claim,
    IdType,
    Kind,
    Nature,
    PersonKind,
    category_label,
)
from shared.web import CheckedForm, Who
from shared.web.requests import language_of

REGISTER = "/mediation/register"
ENTERED = "entered"
KEY = "entry_key"
"""The hidden field by which a form that is sent twice is entered once."""
CALLED = (Channel.PHONE, Channel.WALK_IN, Channel.LETTER, Channel.EMAIL, Channel.FAX)
"""The channels of staff entry that come first."""


class AwayError(RuleError):
    """Intake does not answer at the moment."""


def away() -> AwayError:
    return AwayError("登记服务暂时没有应答，还没有登记。请稍后再提交一次。")


@dataclass(frozen=True)
class EntryPages:
    """The pages of staff entry."""

    intake: Intake

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff(Action.CASE_REGISTER)])
        made.add_api_route(REGISTER, self.register, methods=["GET"])
        made.add_api_route(REGISTER, self.post_register, methods=["POST"])
        return made

    async def register(self, request: Request, who: Who) -> Response:
        """The form for calls and visits; what was just entered is shown this once."""
        entered = web.recall(request, ENTERED)
        response = await self.show_entry(request, who, entered=entered)
        if entered:
            web.forget(request, response, ENTERED)
        return response

    async def show_entry(
        self, request: Request, who: Staff, status: int = 200, **context: Any
    ) -> Response:
        """The form as it stands, with the privacy notice that is read out."""
        language = language_of(request)
        first = [(one.value, one.label(language)) for one in CALLED]
        rest = [one for one in Channel.choices(language) if one not in first]
        words = {
            "entered": None,
            "notice": await self.notice_for(who, language),
            "entry_key": key_in((context.get("typed") or {}).get(KEY)),
            "channels": first + rest,
            "kinds": Kind.choices(language),
            "claims": Claim.choices(language),
            "natures": Nature.choices(language),
            "id_types": IdType.choices(language),
            "person_kinds": PersonKind.choices(language),
            "categories": [(code, category_label(code, language)) for code in CATEGORIES],
        }
        return web.page(request, "mediation/register.html", status, **(words | context))

    async def notice_for(self, who: Staff, language: str) -> Notice | None:
        """The notice of the body that the complaint goes to; none where it cannot be had now."""
        try:
            return await self.intake.notice(who.body, language)
        except Unanswered:
            return None

    async def post_register(self, request: Request, form: CheckedForm, who: Who) -> Response:
        """Register a complaint for somebody; on errors everything typed is still there."""
        complaint, faults = entry_of(web.nested(form, many={"claims"}), who)
        wrong = web.wrongs(request, RuleErrors(faults)) if faults else {}
        language, key = language_of(request), key_in(form.get(KEY))
        try:
            if faults:
                others = named_errors(await self.intake.wrong_with(complaint, language))
                return await self.show_entry(request, who, 422, typed=form, wrong=others | wrong)
            registered = await self.intake.register(complaint, language, key)
        except EntryRefusedError as refused:
            wrong = named_errors(refused.errors)
            return await self.show_entry(request, who, 422, typed=form, wrong=wrong)
        except Unanswered:
            wrong |= web.wrongs(request, away())
            return await self.show_entry(request, who, 503, typed=form, wrong=wrong)
        response = web.see_other("/mediation/register")
        kept = {"number": registered.number, "code": registered.query_code}
        web.remember(request, response, ENTERED, kept, max_age=300)
        return response


def key_in(typed: object) -> str:
    """The form's own key; a fresh one where there is none, or one that is not ours."""
    try:
        return str(UUID(str(typed)))
    except ValueError:
        return str(uuid4())


def named_errors(errors: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Intake's errors by the names of our fields."""
    found: dict[str, str] = {}
    for pointer, sentence in errors:
        found.setdefault(field_of(pointer), sentence)
    return found


def field_of(pointer: str) -> str:
    """The field of this form that a pointer into the complaint means."""
    _, *parts = pointer.split("/")
    if parts == ["matter", "amount_fen"]:
        return "matter.amount"
    if parts[:1] == ["claims"]:
        return "claimed" if parts[-1] == "amount_fen" else "claims"
    return ".".join(part for part in parts if not part.isdigit())
