"""The public form and its receipt."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from services.intake.domain.attachment import MOST_BYTES, MOST_FILES
from services.intake.domain.errors import FloodedError, KeyUsedError
from services.intake.domain.query_code import grouped
from services.intake.pages.draft import Draft, id_in, key_of, new_key, text_in
from services.intake.pages.privacy import filled
from services.intake.pages.reading import on_the_form, read
from services.intake.ports import Means
from services.intake.use_cases import uploads as kept
from services.intake.use_cases.admitting import Caller, Door, bound_to
from services.intake.use_cases.answers import next_of
from services.intake.use_cases.checking import FORM, Sender, Submission, submitted
from services.intake.use_cases.files import refuse_too_many, store
from services.intake.use_cases.mistakes import Asked, besides
from services.intake.use_cases.notices import notices
from services.intake.use_cases.receiving import Receipt, receive_complaints
from services.intake.use_cases.submission import ComplaintForm
from shared.clock import local_day
from shared.i18n import N_, translated
from shared.kernel import RuleError, RuleErrors
from shared.terms import CATEGORIES, Claim, IdType, Kind, region_choices
from shared.web import (
    CheckedForm,
    TheDatabase,
    body_limit,
    page,
    public,
    recall,
    remember,
    see_other,
    wrongs,
)
from shared.web.forms import uploads
from shared.web.requests import language_of
from shared.work import Database

UPLOAD_BYTES = MOST_FILES * MOST_BYTES + 2**21
BY_FORM = Sender(FORM)
RECEIPT_SECONDS = 1800
ACCEPTED = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.xlsx,.mp3,.m4a,.mp4"
SENT_BEFORE = N_(
    "这张表刚才已经提交过了，内容却和现在的不一样。要作为新的一件提交，请再按一次“提交”。"
)


class Complaining:
    """The pages on which people complain."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._door = Door(means.flood)
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add("/intake/complaints/new", self.get_form, methods=["GET"])
        add(
            "/intake/complaints/new",
            self.post_form,
            methods=["POST"],
            dependencies=[body_limit(UPLOAD_BYTES)],
        )
        add("/intake/receipt", self.get_receipt, methods=["GET"])

    async def get_form(self, request: Request, database: TheDatabase) -> Response:
        """An empty form."""
        return await self._show(request, database, Draft(new_key(), {}, {}))

    async def post_form(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Keep the files at once, then the complaint; or show the form with what is wrong."""
        key = key_of(form)
        if dropped := id_in(form.get("drop")):
            mine = kept.form_of(database.vault, key)
            await kept.drop_file(database, self._means.storage, mine, dropped)
            return await self._show(request, database, Draft(key, form, {}))
        try:
            self._let_in(request, database, key, form)
        except FloodedError as error:
            response = await self._show(
                request, database, Draft(key, form, wrongs(request, error)), 429
            )
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        wrong = await self._keep_files(request, database, key, form)
        try:
            submission, found = self._checked(request, form, key, database)
            if submission and not (wrong or found):
                receipt = await self._receive(database, submission, key)
                return handed_over(request, receipt)
            wrong |= found
        except KeyUsedError:
            key, wrong = new_key(), {"": translated(SENT_BEFORE, language_of(request))}
        except RuleError as error:
            wrong |= wrongs(request, error)
        return await self._show(request, database, Draft(key, form, on_the_form(wrong)), 422)

    def _let_in(self, request: Request, database: Database, key: str, form: FormData) -> None:
        """Before anything is kept. Raises FloodedError."""
        proof = text_in(form, "challenge"), text_in(form, "challenge_answer")
        caller = caller_of(request, key)
        self._door.admit_person(database.vault, caller, database.clock(), *proof)

    def _checked(
        self, request: Request, form: FormData, key: str, database: Database
    ) -> tuple[Submission | None, dict[str, str]]:
        """What the form says, if it can be read and is right; and all that is wrong with it."""
        now, bodies = database.clock(), self._means.bodies
        fields, amounts = read(form)
        wrong = wrongs(request, RuleErrors(amounts)) if amounts else {}
        try:
            complaint = ComplaintForm.model_validate(fields)
            return submitted(complaint, BY_FORM, key, bodies, now), wrong
        except ValidationError as error:
            places = [one["loc"] for one in error.errors()]
            others = besides(fields, places, Asked(BY_FORM, bodies, now))
            found = wrongs(request, error)
            found |= wrongs(request, RuleErrors(others)) if others else {}
            return None, found | wrong
        except RuleError as error:
            return None, wrongs(request, error) | wrong

    async def get_receipt(self, request: Request) -> Response:
        """Number and code, once more for whoever has just complained."""
        known = recall(request, "receipt")
        if known is None:
            return see_other("/intake/status")
        return page(
            request,
            "intake/receipt.html",
            number=known["number"],
            code=grouped(known["code"]),
            received_at=datetime.fromisoformat(known["received_at"]),
            kind=known["kind"],
            following=next_of(known["kind"]),
        )

    async def _receive(self, database: Database, submission: Any, key: str) -> Receipt:
        """With files in a transaction of its own, without together with the others."""
        mine = kept.form_of(database.vault, key)
        async with database.reading() as session:
            files = await kept.kept_files(session, database.vault, mine)
        if files:
            return await kept.receive_with_files(database, submission, mine)
        return await database.together(receive_complaints, submission)

    async def _keep_files(
        self, request: Request, database: Database, key: str, form: FormData
    ) -> dict[str, str]:
        """Keep the chosen files that we take; what is wrong with the first we do not."""
        mine = kept.form_of(database.vault, key)
        wrong: dict[str, str] = {}
        for upload in uploads(form, "files"):
            try:
                async with database.reading() as session:
                    count = len(await kept.kept_files(session, database.vault, mine))
                refuse_too_many(count + 1)
                owner, data = kept.owner_of(mine), await upload.read()
                name = upload.filename or ""
                file = await store(self._means.storage, database.vault, owner, name, data)
            except RuleError as error:
                wrong = wrong or {"files": wrongs(request, error).get("files", str(error))}
            else:
                async with database.work() as work:
                    await kept.keep_file(work, mine, file)
        return wrong

    async def _show(
        self, request: Request, database: Database, draft: Draft, status: int = 200
    ) -> Response:
        """The form as it stands, with the files that are kept for it."""
        language = language_of(request)
        mine = kept.form_of(database.vault, draft.key)
        async with database.reading() as session:
            files = await kept.kept_files(session, database.vault, mine)
        bound, given = bound_to(caller_of(request, draft.key)), text_in(draft.typed, "challenge")
        today = local_day(database.clock())
        notice = notices().in_force(self._means.bodies.default.code, today)
        return page(
            request,
            "intake/form.html",
            status,
            typed=draft.typed,
            wrong=draft.wrong,
            form_key=draft.key,
            files=files,
            kinds=Kind.choices(language),
            claims=Claim.choices(language),
            id_types=IdType.choices(language),
            categories=[
                (one.code, one.en if language == "en" else one.zh) for one in CATEGORIES.values()
            ],
            regions=region_choices(language),
            bodies=[(b.code, b.name) for b in self._means.bodies.known if not b.demo],
            accepted=ACCEPTED,
            today=database.clock(),
            notice=notice,
            notice_text=notice
            and filled(notice.said(language), self._means.bodies.default, language),
            task=self._door.task(database.vault, bound, database.clock(), given),
        )


def handed_over(request: Request, receipt: Receipt) -> Response:
    """On to the receipt. Short sealed cookies carry what it shows, and open the status page."""
    response = see_other("/intake/receipt")
    shown = {
        "number": receipt.number,
        "code": receipt.query_code,
        "received_at": receipt.received_at.isoformat(),
        "kind": receipt.kind,
    }
    remember(request, response, "receipt", shown, max_age=RECEIPT_SECONDS)
    opens = {"id": str(receipt.id), "generation": receipt.generation}
    remember(request, response, "status", opens, max_age=RECEIPT_SECONDS)
    return response


def caller_of(request: Request, key: str) -> Caller:
    """Who sends this form."""
    return Caller(str(request.scope.get("redress.caller", "-")), key)
